import CLinux
import Glibc

/// The signals that ask the process to end, taken as events instead of interruptions.
package enum Signals {
    /// Runs `body` as a task while the calling thread, which must be the process's first, waits for those signals.
    ///
    /// They are held back before any other thread is started, since threads inherit what is blocked; and the first
    /// thread stays here, since Swift's own `async` main would unblock everything in it again.
    package static func whileHeld(_ body: @escaping @Sendable () async -> Never) -> Never {
        var set = termination
        _ = unsafe pthread_sigmask(SIG_BLOCK, &set, nil)
        _ = signal(SIGPIPE, SIG_IGN)
        Task { await body() }
        while true {
            var number: CInt = 0
            if unsafe sigwait(&set, &number) == 0 { handler.withLock { $0 }?(number) }
        }
    }

    /// Whom to tell of each request to end, on the waiting thread.
    package static func onEnd(_ tell: @escaping @Sendable (CInt) -> Void) {
        handler.withLock { $0 = tell }
    }

    private static let handler = Locked<(@Sendable (CInt) -> Void)?>(nil)

    private static var termination: sigset_t {
        var set = sigset_t()
        unsafe sigemptyset(&set)
        unsafe sigaddset(&set, SIGTERM)
        unsafe sigaddset(&set, SIGINT)
        return set
    }
}
