package import Base

extension Transaction {
    /// Makes other settings the deployment's, while no node runs that goes by the old ones.
    ///
    /// A node counts as running while its last beat is younger than the larger of the two leases. What this node itself promised before it
    /// was started again still binds it as far as the lease goes; the overlap policy promises nobody anything, so there it does not
    /// count.
    package func deploymentChange(
        _ context: OperationContext,
        to wanted: DeploymentSettings,
        by node: String,
        at now: Timestamp
    ) throws(StoreError) {
        try execute("LOCK TABLE deployment IN SHARE ROW EXCLUSIVE MODE")
        guard let deployment = try deploymentRead(), deployment.settings != wanted else { return }
        let recorded = deployment.settings
        let freshFor = max(recorded.lease, wanted.lease)
        if recorded.lease != wanted.lease {
            guard try nodeCountFresh(within: freshFor) == 0 else {
                throw .refused(.leaseInUse(recorded: recorded.lease, asked: wanted.lease))
            }
            try execute("UPDATE deployment SET lease_ms = \(wanted.lease.nanoseconds / 1_000_000)")
            let (from, to) = (recorded.lease.inSeconds, wanted.lease.inSeconds)
            try note(context, "lease", of: deployment, from: .number(from), to: .number(to), at: now)
        }
        if recorded.overlap != wanted.overlap {
            guard try nodeCountFresh(within: freshFor, except: node) == 0 else {
                throw .refused(.overlapInUse(recorded: recorded.overlap, asked: wanted.overlap))
            }
            try execute("UPDATE deployment SET overlap = \(wanted.overlap)")
            let (from, to) = (recorded.overlap, wanted.overlap)
            try note(context, "overlap", of: deployment, from: .string(from), to: .string(to), at: now)
        }
    }

    private func note(
        _ context: OperationContext,
        _ setting: String,
        of deployment: Deployment,
        from: JSON,
        to: JSON,
        at now: Timestamp
    ) throws(StoreError) {
        try auditAppend(
            context,
            action: "deployment.\(setting)-changed",
            subject: deployment.id,
            details: ["from": from, "to": to],
            at: now
        )
    }
}
