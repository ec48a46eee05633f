package import Base
import Store

/// Migrating a database by hand: the same steps as at the start of a server, without serving.
package struct Migration: Sendable {
    private let databaseURL: String?
    private let dataDirectory: String
    private let isRestored: Bool
    private let log: Logger

    /// What was done, in a sentence for the terminal.
    package struct Outcome: Equatable, Sendable {
        package let text: String
    }

    package init(databaseURL: String?, dataDirectory: String, isRestored: Bool, log: Logger) {
        self.databaseURL = databaseURL
        self.dataDirectory = dataDirectory
        self.isRestored = isRestored
        self.log = log
    }

    package func run() async throws -> Outcome {
        if let databaseURL { return try await migrate(DatabaseAddress(databaseURL)) }
        let directory = try DataDirectory(dataDirectory)
        let cluster = try EmbeddedCluster(dataFolder: directory.path, log: log)
        let address = try await cluster.start()
        do {
            let outcome = try await migrate(address)
            await cluster.stop()
            return outcome
        } catch {
            await cluster.stop()
            throw error
        }
    }

    private func migrate(_ address: DatabaseAddress) async throws -> Outcome {
        let database = try Database(address, application: "faultplane migrate", log: log)
        defer { database.close() }
        let now = Timestamp.now
        let applied = try await Migrator(binary: Node.version, log: log).migrate(database, at: now)
        var text =
            applied.isEmpty
            ? "schema \(Migrator.schemaVersion): nothing to do"
            : "schema \(Migrator.schemaVersion): applied \(applied.map(String.init).joined(separator: ", "))"
        if isRestored {
            let forgotten = try await database.transaction { transaction throws(StoreError) in
                try transaction.deploymentRestored(at: now)
            }
            text +=
                "; forgot the heartbeats of \(forgotten) nodes. Keys revoked after the backup are back: "
                + "look through `faultplane key list`, and revoke them again"
        }
        return Outcome(text: text)
    }
}
