package import Base

extension Transaction {
    /// Makes another lease the deployment's, while no node runs that promised the old one.
    ///
    /// A node counts as running while its last beat is younger than the larger of the two leases.
    package func deploymentLeaseChange(
        _ context: OperationContext,
        to lease: Duration,
        at now: Timestamp
    ) throws(StoreError) {
        try execute("LOCK TABLE deployment IN SHARE ROW EXCLUSIVE MODE")
        guard let deployment = try deploymentRead(), deployment.lease != lease else { return }
        let freshFor = max(deployment.lease, lease)
        guard try nodeCountFresh(within: freshFor) == 0 else {
            throw .refused(.leaseInUse(recorded: deployment.lease, asked: lease))
        }
        try execute("UPDATE deployment SET lease_ms = \(lease.nanoseconds / 1_000_000)")
        try auditAppend(
            context,
            action: "deployment.lease-changed",
            subject: deployment.id,
            details: ["from": .number(deployment.lease.inSeconds), "to": .number(lease.inSeconds)],
            at: now
        )
    }
}
