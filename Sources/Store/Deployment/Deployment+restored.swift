package import Base

extension Transaction {
    /// How far the epoch is raised above the backup's: above all that can have been used since it was made.
    private static var epochsSkipped: Int64 { 1_024 }

    /// Notes that the database was restored from a backup: engages the lever far above the backup's epoch, so that nothing that came after
    /// the backup is mixed up with what comes now, and forgets the heartbeats that it brought along.
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
        let epoch = try leverRead().state.epoch + Self.epochsSkipped
        let reason =
            "The database was restored from a backup: see to it that it is the right one, then disengage."
        _ = try leverEngage(
            context,
            LeverEngagement(
                id: "ENG" + Random.token(15),
                epoch: epoch,
                reason: reason,
                by: context.actor.description,
                at: now
            ),
            reason: reason,
            at: now
        )
        return forgotten.count
    }
}
