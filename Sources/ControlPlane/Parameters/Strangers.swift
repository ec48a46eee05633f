import Base
import HTTPServer

/// Tells the log of readers whose credential is not known, once in a while: functions that have a wrong one ask at each invocation.
final class Strangers: Sendable {
    private static let pause: Duration = .seconds(10)

    private struct Told {
        var at: Instant?
        var since = 0
    }

    private let told = Locked(Told())

    func tell(_ error: APIError, from exchange: Exchange, to log: Logger) {
        let now = exchange.startedAt
        let others = told.withLock { told -> Int? in
            if let at = told.at, now - at < Self.pause {
                told.since += 1
                return nil
            }
            defer { told = Told(at: now) }
            return told.since
        }
        guard let others else { return }
        log.warning(
            "parameter read by a stranger",
            .field("request.id", exchange.id.description),
            .field("error.code", error.code.rawValue),
            .field("error.detail", error.detail ?? .init(error.message)),
            .field("peer.address", exchange.peer.description),
            .field("others.count", others)
        )
    }
}
