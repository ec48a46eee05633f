import CLinux
import Glibc

/// Runs a system call until no signal interrupts it; anything else that went wrong is an error that names the call.
package func retrying<Result: FixedWidthInteger & SignedInteger>(
    _ call: StaticString,
    _ body: () -> Result
) throws(SystemError) -> Result {
    while true {
        let result = body()
        if result >= 0 { return result }
        if errno != EINTR { throw SystemError(call: call) }
    }
}

/// The same for calls on descriptors that do not block: nil means "not now".
///
/// Not generic, and so not paid for at every packet: a generic function of another module is compiled for all types.
package func unblocking(_ call: StaticString, _ body: () -> Int) throws(SystemError) -> Int? {
    while true {
        let result = body()
        if result >= 0 { return result }
        switch errno {
        case EINTR: continue
        case EAGAIN: return nil
        default: throw SystemError(call: call)
        }
    }
}
