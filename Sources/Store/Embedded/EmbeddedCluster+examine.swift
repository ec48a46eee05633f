extension EmbeddedCluster {
    /// Whether a cluster could be run on this machine, and by which PostgreSQL; changes nothing.
    package static func examine() throws(StoreError) -> String {
        let binaries = try PostgresBinaries.choose(from: PostgresBinaries.installed(), cluster: nil)
        let owner = try ClusterOwner.current()
        return "PostgreSQL \(binaries.major) in \(binaries.folder), run as user \(owner.user.name)"
    }
}
