import CLinux
import Glibc

/// How many descriptors the process may open, and who may use how many of them.
package enum Descriptors {
    /// Kept for the operator's own socket.
    static let controlShare = 16
    /// Kept for the database, files, loops and the control socket.
    static let ownUse = 96

    /// Raises the soft limit to the hard one, and says what it is now.
    @discardableResult
    package static func raiseLimit() -> Int {
        var limit = rlimit()
        guard unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return 1_024 }
        if limit.rlim_cur < limit.rlim_max {
            var raised = limit
            raised.rlim_cur = limit.rlim_max
            if unsafe setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &raised) == 0 { limit = raised }
        }
        return Int(clamping: limit.rlim_cur)
    }
}

extension Limits {
    /// The same limits with a connection cap that leaves descriptors for everything else.
    func fitting(descriptors: Int) -> Limits {
        var copy = self
        let room = max(16, descriptors - Descriptors.ownUse)
        copy.reserve = min(reserve, max(2, room / 16))
        copy.connections = min(connections, room - copy.reserve)
        return copy
    }
}
