import Base
import Glibc

/// The user whose the cluster is: this process's own, or where that is root, which PostgreSQL refuses, one without privileges.
struct ClusterOwner: Equatable, Sendable {
    let user: SystemUser
    /// The user this process runs as, who connects.
    let server: SystemUser

    var isSwitched: Bool { user.id != server.id }

    static func current() throws(StoreError) -> ClusterOwner {
        let id = geteuid()
        let server = SystemUser.numbered(id) ?? SystemUser(name: "\(id)", id: id, group: getegid())
        if id != 0 { return ClusterOwner(user: server, server: server) }
        guard let user = SystemUser.named("faultplane") ?? SystemUser.named("postgres"), user.id != 0 else {
            throw .cluster(.noUnprivilegedUser)
        }
        return ClusterOwner(user: user, server: server)
    }

    /// The command, to be run by the owner.
    func command(_ path: String, _ arguments: [String]) -> Command {
        if !isSwitched { return Command(path, arguments) }
        let identity = [
            "--reuid=\(user.id)", "--regid=\(user.group)", "--init-groups", "--inh-caps=-all", "--",
        ]
        return Command("/usr/bin/setpriv", identity + [path] + arguments)
    }
}
