import Base

/// Why the embedded cluster cannot be run, and what the operator can do.
package enum ClusterProblem: Equatable, Sendable, CustomStringConvertible {
    case notInstalled(oldest: Int)
    case versionMissing(cluster: Int, installed: [Int])
    case noUnprivilegedUser
    case folderUnusable(path: String, reason: String)
    case commandFailed(command: String, output: String)
    case diedAtStart(log: String)
    case notReadyInTime(Duration)

    package var description: String {
        switch self {
        case .notInstalled(let oldest):
            "PostgreSQL \(oldest) or newer is not installed; install it (Debian: apt-get install postgresql) "
                + "or name a server with --database-url"
        case .versionMissing(let cluster, let installed):
            "the embedded cluster was made by PostgreSQL \(cluster), and only "
                + "\(installed.map(String.init).joined(separator: ", ")) is installed; "
                + "install postgresql-\(cluster) or move the data over (docs/operations.md)"
        case .noUnprivilegedUser:
            "PostgreSQL does not run as root and there is neither a user faultplane nor postgres; create one: "
                + "useradd --system --no-create-home --shell /usr/sbin/nologin faultplane"
        case .folderUnusable(let path, let reason):
            "\(path) cannot be used for the embedded cluster: \(reason)"
        case .commandFailed(let command, let output): "\(command) failed: \(output)"
        case .diedAtStart(let log): "PostgreSQL ended while it started; its log ends: \(log)"
        case .notReadyInTime(let limit): "PostgreSQL was not ready within \(limit.inSeconds) s"
        }
    }
}
