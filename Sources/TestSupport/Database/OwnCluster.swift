import Base
import Store

/// A private PostgreSQL cluster for one test process.
final class OwnCluster: Sendable {
    let address: DatabaseAddress
    private let cluster: EmbeddedCluster
    private let folder: ClusterFolder

    init() async throws {
        folder = try ClusterFolder()
        cluster = try EmbeddedCluster(
            dataFolder: folder.path + "/data",
            systemFolder: folder.path + "/system",
            durability: .disposable,
            log: .quiet
        )
        address = try await cluster.start()
    }
}
