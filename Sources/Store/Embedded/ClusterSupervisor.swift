import Base
import Glibc

/// Watches an embedded cluster from a thread of its own, and starts it again should it die.
///
/// Who waits for the database is told by their own sessions; nothing waits for this.
final class ClusterSupervisor: Sendable {
    private struct State {
        var stopLimit: Duration?
        var hasStopped = false
    }

    private let runner: ClusterRunner
    private let log: Logger
    private let state = Locked(State())
    private let wake: EventFlag

    init(of postmaster: Postmaster, runner: ClusterRunner, log: Logger) throws(StoreError) {
        self.runner = runner
        self.log = log
        do throws(SystemError) {
            wake = try EventFlag()
            try Thread.start(name: "supervisor") { [self] in watch(postmaster) }
        } catch {
            throw .system(error)
        }
    }

    /// Ends the cluster, and returns when it has ended.
    func stop(within limit: Duration) {
        state.withLock { $0.stopLimit = limit }
        wake.raise()
        state.waitUntil {
            $0.hasStopped
        } then: { _ in
        }
    }

    private func watch(_ first: Postmaster) {
        var postmaster: Postmaster? = first
        var backoff = Backoff()
        var startedAt = Instant.now
        while true {
            guard wait(for: postmaster, until: .now + .seconds(30)) else { break }
            if let current = postmaster {
                guard (try? current.process.wait(until: .now)) ?? true else {
                    try? runner.log.trim()
                    continue
                }
                report(current)
                postmaster = nil
                if Instant.now - startedAt > .seconds(60) { backoff.reset() }
            }
            guard wait(for: nil, until: .now + backoff.next()) else { break }
            postmaster = relaunch()
            startedAt = .now
        }
        end(postmaster)
    }

    /// Waits for the server's end or the time; false when it is time to stop.
    private func wait(for postmaster: Postmaster?, until deadline: Instant) -> Bool {
        var interests: [Readiness.Interest] = [.readable(wake.raw)]
        if let postmaster { interests.append(.readable(postmaster.process.raw)) }
        _ = try? Readiness.wait(for: interests, until: deadline)
        return state.withLock { $0.stopLimit == nil }
    }

    private func report(_ postmaster: Postmaster) {
        let status = postmaster.process.reap()
        log.error(
            "PostgreSQL died",
            .field("process.id", postmaster.process.id),
            .field("process.status", status?.description ?? "unknown"),
            .field("postgres.log", runner.log.end)
        )
    }

    private func relaunch() -> Postmaster? {
        do throws(StoreError) {
            let postmaster = try runner.launch()
            log.info("PostgreSQL started again", .field("process.id", postmaster.process.id))
            return postmaster
        } catch {
            log.error("PostgreSQL could not be started", .field("error", error))
            return nil
        }
    }

    private func end(_ postmaster: Postmaster?) {
        let limit = state.withLock { $0.stopLimit } ?? .seconds(30)
        if let postmaster, !postmaster.stop(within: limit) {
            log.error("PostgreSQL does not end", .field("process.id", postmaster.process.id))
        }
        state.withLock { $0.hasStopped = true }
        state.announce()
    }
}
