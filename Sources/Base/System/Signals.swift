import CLinux
import Glibc

/// The signals that ask the process to end, taken as events instead of interruptions.
package enum Signals {
    /// From here on SIGTERM and SIGINT wait to be asked for, and a closed pipe is an error like others.
    ///
    /// Must be called before any thread is started, since threads inherit what is blocked.
    package static func hold() {
        var set = termination
        _ = unsafe pthread_sigmask(SIG_BLOCK, &set, nil)
        _ = signal(SIGPIPE, SIG_IGN)
    }

    /// Calls `handler` on a thread of its own for each request to end.
    package static func watch(_ handler: @escaping @Sendable (CInt) -> Void) throws(SystemError) {
        try Thread.start(name: "signals") {
            var set = termination
            while true {
                var number: CInt = 0
                if unsafe sigwait(&set, &number) == 0 { handler(number) }
            }
        }
    }

    private static var termination: sigset_t {
        var set = sigset_t()
        unsafe sigemptyset(&set)
        unsafe sigaddset(&set, SIGTERM)
        unsafe sigaddset(&set, SIGINT)
        return set
    }
}
