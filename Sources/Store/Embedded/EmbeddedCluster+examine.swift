extension EmbeddedCluster {
    /// Whether a cluster could be run on this machine, and by which PostgreSQL; changes nothing.
    package static func examine() throws(StoreError) -> String {
        let binaries = try PostgresBinaries.choose(from: PostgresBinaries.installed(), cluster: nil)
        let owner = try ClusterOwner.current()
        return "PostgreSQL \(binaries.major) in \(binaries.folder), run as user \(owner.user.name)"
    }

    /// Where the cluster of a data folder takes statements; nil where none runs.
    ///
    /// Changes nothing.
    package static func running(dataFolder: String) throws(StoreError) -> DatabaseAddress? {
        let owner = try ClusterOwner.current()
        guard let layout = try ClusterLayout.existing(dataFolder: dataFolder, owner: owner),
            Postmaster.running(layout) != nil,
            PostmasterFile.read(layout.postmasterFile)?.status == "ready"
        else { return nil }
        return try DatabaseAddress(
            socketFolder: layout.socketFolder,
            user: ClusterConnector.user,
            database: ClusterConnector.database
        )
    }
}
