import Base
import HTTPServer

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
        // Null where the disk refused: this node serves nothing, but a restart could change that.
        case .halt(let latch): answer = ["latchedEpoch": await halt.told(latch).map { .integer($0) } ?? .null]
        case .instances(let epoch, let silent): answer = halt.instances(epoch, silent)
        }
        return Reply(bytes: halt.peers.answer(answer, to: nonce), contentType: "application/octet-stream")
    }
}
