import Base
import WebClient

/// Carries sealed messages between nodes, over HTTP.
///
/// Each goes on a thread of its own: one that hangs holds up nobody else.
enum PeerCarrier {
    static func carry(
        _ advertise: String,
        _ sealed: [UInt8],
        within limit: Duration
    ) async throws(Peers.PeerFailure) -> [UInt8] {
        let result = await withCheckedContinuation { (done: CheckedContinuation<Answer, Never>) in
            do throws(SystemError) {
                try Thread.start(name: "peer") { done.resume(returning: exchange(advertise, sealed, limit)) }
            } catch {
                done.resume(returning: .failure(Peers.PeerFailure(reason: error.description)))
            }
        }
        return try result.get()
    }

    private typealias Answer = Result<[UInt8], Peers.PeerFailure>

    private static func exchange(_ advertise: String, _ sealed: [UInt8], _ limit: Duration) -> Answer {
        let url = advertise.contains("://") ? advertise : "http://\(advertise)"
        let session = WebSession(
            WebPeer(.url(url.hasSuffix("/") ? String(url.dropLast()) : url), isDirect: true)
        )
        var request = WebRequest("POST", "/v1/peers", body: sealed)
        request.connectLimit = limit
        request.timeLimit = limit
        request.answerLimit = 1 << 20
        do throws(WebError) {
            let answer = try session.ask(request)
            if answer.isSuccess { return .success(answer.body) }
            return .failure(Peers.PeerFailure(reason: "it answered with status \(answer.status)"))
        } catch {
            return .failure(Peers.PeerFailure(reason: error.description))
        }
    }
}
