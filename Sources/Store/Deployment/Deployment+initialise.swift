import Base

extension Transaction {
    /// What the database was set up as; nil where it was not yet.
    package func deploymentRead() throws(StoreError) -> Deployment? {
        try first("SELECT \(Deployment.columns) FROM deployment") {
            row throws(StoreError) in try Deployment(&row)
        }
    }

    /// Sets the database up as `wanted`, or joins what it was set up as.
    ///
    /// Of several nodes that start at once one sets it up, and all get the same answer. The master key is set once: a node
    /// with another is refused.
    package func deploymentInitialise(
        _ wanted: Deployment,
        firstAccountName: String
    ) throws(StoreError) -> Deployment {
        // Whoever is second waits here, and then finds the row.
        try execute("LOCK TABLE deployment IN SHARE ROW EXCLUSIVE MODE")
        if let found = try deploymentRead() {
            guard Hash.constantTimeEqual(found.masterKeyCheck, wanted.masterKeyCheck) else {
                throw .refused(.masterKeyMismatch)
            }
            return found
        }
        try deploymentCreate(wanted, firstAccountName: firstAccountName)
        return wanted
    }

    private func deploymentCreate(_ wanted: Deployment, firstAccountName: String) throws(StoreError) {
        let context = OperationContext(
            account: wanted.firstAccount,
            actor: .system,
            origin: .background,
            requestID: wanted.id
        )
        let now = wanted.createdAt
        try accountCreate(context, id: wanted.firstAccount, name: firstAccountName, at: now)
        try execute(
            """
            INSERT INTO deployment (\(Deployment.columns))
            VALUES (\(wanted.id), \(wanted.masterKeyCheck), \(wanted.firstAccount), \(wanted.region),
                    \(wanted.lease.nanoseconds / 1_000_000), \(wanted.settings.overlap), \(now))
            """
        )
        try auditAppend(
            context,
            action: "deployment.created",
            subject: wanted.id,
            details: ["region": .string(wanted.region)],
            at: now
        )
    }
}
