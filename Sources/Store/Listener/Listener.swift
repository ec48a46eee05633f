package import Base

/// Hears what is notified on some channels, from a session and a thread of its own, for as long as it is not stopped.
///
/// Notifications are hints. Whatever was sent while no session listened is lost, so every (re)connection is reported too: the
/// owner then looks for itself, once.
package final class Listener: Sendable {
    /// What the owner is told, on the listener's thread, in order; it must not block there.
    package enum Event: Equatable, Sendable {
        /// It listens from now on; what was sent before may have been missed.
        case connected
        case notified(Notification)
        case disconnected(StoreError)
    }

    private let address: DatabaseAddress
    private let channels: [String]
    private let limits: SessionLimits
    private let log: Logger
    private let tell: @Sendable (Event) -> Void
    private let isStopped = Locked(false)
    private let wake: EventFlag

    /// A silent session is asked for a sign of life this often.
    private static let silence: Duration = .seconds(10)

    package init(
        on address: DatabaseAddress,
        channels: [String],
        limits: SessionLimits = SessionLimits(),
        log: Logger,
        tell: @escaping @Sendable (Event) -> Void
    ) throws(StoreError) {
        self.address = address
        self.channels = channels
        self.limits = limits
        self.log = log
        self.tell = tell
        do throws(SystemError) {
            wake = try EventFlag()
            try Thread.start(name: "listener") { [self] in work() }
        } catch {
            throw .system(error)
        }
    }

    /// Ends the session and the thread, soon after this returns.
    package func stop() {
        isStopped.withLock { $0 = true }
        wake.raise()
    }

    private func work() {
        var backoff = Backoff()
        while !shouldStop {
            do throws(StoreError) {
                try listen { backoff.reset() }
            } catch {
                log.warning("listener lost its session", .field("error", error))
                tell(.disconnected(error))
            }
            pause(backoff.next())
        }
    }

    private func listen(whenConnected: () -> Void) throws(StoreError) {
        let connection = try Connection.open(
            address,
            limits: limits,
            application: "faultplane listener",
            log: log
        )
        for channel in channels { _ = try connection.run("LISTEN \(identifier: channel)") }
        whenConnected()
        tell(.connected)
        while !shouldStop {
            if try !somethingCame(on: connection) { _ = try connection.run("SELECT 1") }
            for notification in try connection.notifications() { tell(.notified(notification)) }
        }
    }

    /// False where the session has been silent for long.
    private func somethingCame(on connection: borrowing Connection) throws(StoreError) -> Bool {
        do throws(SystemError) {
            return try Readiness.wait(
                for: [.readable(connection.socket), .readable(wake.raw)],
                until: .now + Self.silence
            ).contains(true)
        } catch {
            throw .system(error)
        }
    }

    private var shouldStop: Bool { isStopped.withLock { $0 } }

    private func pause(_ duration: Duration) {
        _ = try? Readiness.wait(for: [.readable(wake.raw)], until: .now + duration)
    }
}
