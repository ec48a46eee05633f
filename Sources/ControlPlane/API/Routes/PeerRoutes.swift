import Base
import HTTPServer
import SafetyLever

/// `/v1/peers`: what nodes of one deployment tell each other, under the master key.
struct PeerRoutes: Sendable {
    let halt: Halt

    var all: [Route] {
        [
            Route(
                .post,
                "/v1/peers",
                "TellPeer",
                .anybody,
                pace: .unlimited,
                bodyLimit: 1 << 20,
                .task(tell)
            )
        ]
    }

    private func tell(_ call: Call) async throws(APIError) -> Reply {
        guard let (nonce, message) = halt.peers.opened(call.request.body) else {
            throw .validation(
                "This is for nodes of the deployment; what came is not sealed under its master key for this one."
            )
        }
        let answer: JSON
        switch message {
        case .halt(let latch): answer = ["latchedEpoch": try await latched(latch)]
        case .instances(let epoch, let silent): answer = halt.instances(epoch, silent)
        }
        return Reply(bytes: halt.peers.answer(answer, to: nonce), contentType: "application/octet-stream")
    }

    /// Null where the disk refused: this node serves nothing, but a restart could change that.
    private func latched(_ latch: Latch) async throws(APIError) -> JSON {
        do throws(SystemError) {
            return try await halt.told(latch).map { .integer($0) } ?? .null
        } catch {
            halt.log.error("latch not written", .field("error", error))
            return .null
        }
    }
}
