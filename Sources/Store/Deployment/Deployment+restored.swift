package import Base

extension Transaction {
    /// Notes that the database was restored from a backup, and forgets the heartbeats that it brought along.
    ///
    /// Says how many nodes were forgotten. A database that was never set up has nothing to forget.
    package func deploymentRestored(at now: Timestamp) throws(StoreError) -> Int {
        try execute("LOCK TABLE deployment IN SHARE ROW EXCLUSIVE MODE")
        guard let deployment = try deploymentRead() else { return 0 }
        let forgotten = try all("DELETE FROM nodes RETURNING id") { row throws(StoreError) in
            try row.next(String.self)
        }
        let context = OperationContext(
            account: deployment.firstAccount,
            actor: .machineOperator,
            origin: .background,
            requestID: "migrate --restored"
        )
        try auditAppend(
            context,
            action: "deployment.restored",
            subject: deployment.id,
            details: ["nodesForgotten": .integer(Int64(forgotten.count))],
            at: now
        )
        return forgotten.count
    }
}
