import Base

/// What an embedded cluster's three configuration files say; they are written anew at each start.
struct ClusterSettings: Sendable {
    let layout: ClusterLayout
    let durability: EmbeddedCluster.Durability

    /// `local.conf` comes first: an operator may tune what is not settled here, and cannot unsettle what is.
    var server: String {
        let sync = durability == .durable ? "on" : "off"
        return """
            # Written by Faultplane at each start. Your own settings go into local.conf beside this file.
            include_if_exists = 'local.conf'
            data_directory = \(Self.quoted(layout.data))
            hba_file = \(Self.quoted(layout.access))
            ident_file = \(Self.quoted(layout.users))
            listen_addresses = ''
            port = 5432
            unix_socket_directories = \(Self.quotedPath(layout.socketFolder))
            unix_socket_permissions = 0700
            fsync = \(sync)
            synchronous_commit = \(sync)
            full_page_writes = \(sync)
            logging_collector = off
            log_destination = 'stderr'
            log_line_prefix = '%m [%p] '
            log_timezone = 'UTC'
            lc_messages = 'C'

            """
    }

    /// Whoever the operating system says it is, if the map knows them; nobody else, and no network.
    ///
    /// The second line is for `pg_basebackup`: the first does not mean it.
    var access: String {
        """
        local all all peer map=faultplane
        local replication all peer map=faultplane

        """
    }

    /// The server's user and the cluster's owner both come in as the superuser `faultplane`.
    func users(_ owner: ClusterOwner) -> String {
        Set([owner.server.name, owner.user.name]).sorted()
            .map { "faultplane \"\($0)\" faultplane\n" }.joined()
    }

    /// The files are for the cluster's owner to read and for nobody but the server's user to write.
    func write(for owner: ClusterOwner) throws(StoreError) {
        do throws(SystemError) {
            try Files.replace(layout.settings, with: Array(server.utf8), mode: 0o644)
            try Files.replace(layout.access, with: Array(access.utf8), mode: 0o644)
            try Files.replace(layout.users, with: Array(users(owner).utf8), mode: 0o644)
        } catch {
            throw .cluster(.folderUnusable(path: layout.home, reason: error.description))
        }
    }

    static func quoted(_ text: String) -> String {
        "'" + text.replacing("\\", with: "\\\\").replacing("'", with: "''") + "'"
    }

    /// This setting is a list, whose elements are quoted once more.
    static func quotedPath(_ path: String) -> String {
        quoted("\"" + path.replacing("\"", with: "\"\"") + "\"")
    }
}
