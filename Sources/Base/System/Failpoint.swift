import Glibc

/// A named place at which a test may have the process killed, to see what the next one makes of it.
///
/// `FAULTPLANE_FAILPOINT=name` kills at the first time, `name:3` at the third. Release builds have none of it.
package enum Failpoint {
    #if DEBUG
    private static let wanted = Locked(read())

    private static func read() -> (name: String, left: Int)? {
        guard let value = unsafe getenv("FAULTPLANE_FAILPOINT") else { return nil }
        let parts = unsafe String(cString: value).split(separator: ":")
        guard let name = parts.first else { return nil }
        return (String(name), parts.count > 1 ? Int(parts[1]) ?? 1 : 1)
    }
    #endif

    /// Dies here, as by `kill -9`, if a test wants it to.
    package static func pass(_ name: @autoclosure () -> String) {
        #if DEBUG
        let isTime = wanted.withLock { wanted in
            guard let current = wanted, current.name == name() else { return false }
            wanted = (current.name, current.left - 1)
            return current.left == 1
        }
        if isTime { kill(getpid(), SIGKILL) }
        #endif
    }
}
