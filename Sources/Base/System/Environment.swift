import Glibc

/// The process's environment.
package enum Environment {
    package static var all: [String: String] {
        var all: [String: String] = [:]
        var next = unsafe environ
        while let entry = unsafe next.pointee {
            let parts = unsafe String(cString: entry).split(
                separator: "=",
                maxSplits: 1,
                omittingEmptySubsequences: false
            )
            if parts.count == 2 { all[String(parts[0])] = String(parts[1]) }
            unsafe next += 1
        }
        return all
    }
}
