import Glibc

/// A named place at which a test may have the process killed or frozen, to see what others make of it.
///
/// `FAULTPLANE_FAILPOINT=name` kills at the first time, `name:3` at the third, and `name:1:stop` freezes instead, as by
/// `kill -STOP`. Release builds have none of it.
package enum Failpoint {
    #if DEBUG
    private struct Wanted {
        let name: Substring
        var left: Int
        let signal: CInt
    }

    private static let wanted = Locked(read())

    private static func read() -> Wanted? {
        guard let value = unsafe getenv("FAULTPLANE_FAILPOINT") else { return nil }
        let parts = unsafe String(cString: value).split(separator: ":")
        guard let name = parts.first else { return nil }
        return Wanted(
            name: name,
            left: parts.count > 1 ? Int(parts[1]) ?? 1 : 1,
            signal: parts.last == "stop" ? SIGSTOP : SIGKILL
        )
    }
    #endif

    /// Ends or stops here, if a test wants it to.
    package static func pass(_ name: @autoclosure () -> String) {
        #if DEBUG
        let signal = wanted.withLock { wanted -> CInt? in
            guard let current = wanted, current.name == name() else { return nil }
            wanted?.left -= 1
            return current.left == 1 ? current.signal : nil
        }
        // To this very thread, which does not get past here then.
        if let signal { raise(signal) }
        #endif
    }

    /// The same for several places that are reached at once.
    package static func pass(each names: @autoclosure () -> [String]) {
        #if DEBUG
        for name in names() { pass(name) }
        #endif
    }
}
