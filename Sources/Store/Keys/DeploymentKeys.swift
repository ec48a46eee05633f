/// Every account and every key, revoked ones too, as nodes hold them in memory.
package struct DeploymentKeys: Equatable, Sendable {
    /// The identity change that this is the state after; a pulse with another number says to read again.
    package let change: Int64
    package let accounts: [Account]
    package let keys: [AccessKey]
}

extension Database {
    /// Reads the whole deployment's keys and accounts, for authentication in the nodes' memory; nothing else may.
    package func deploymentKeysRead() async throws(StoreError) -> DeploymentKeys {
        try await transaction(.snapshot) { transaction throws(StoreError) in
            DeploymentKeys(
                change: try transaction.identityChangeRead(),
                accounts: try transaction.accountListOfDeployment(),
                keys: try transaction.keyListOfDeployment()
            )
        }
    }
}

extension Transaction {
    /// The number of the newest change to accounts or keys.
    package func identityChangeRead() throws(StoreError) -> Int64 {
        try one("SELECT number FROM identity_changes") { row throws(StoreError) in try row.next() }
    }

    fileprivate func keyListOfDeployment() throws(StoreError) -> [AccessKey] {
        try all("SELECT \(AccessKey.columns) FROM access_keys ORDER BY id") {
            row throws(StoreError) in try AccessKey(&row)
        }
    }
}
