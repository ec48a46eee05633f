package import Base

extension Transaction {
    /// Notes that a target was polled for: whatever is polled for exists.
    ///
    /// A sighting less than a minute newer than the last writes nothing, and an older one never does.
    package func targetSeen(
        _ context: OperationContext,
        arn: String,
        at now: Timestamp
    ) throws(StoreError) {
        try execute(
            """
            INSERT INTO target_sightings AS sighting (account, arn, seen_at)
            VALUES (\(context.account), \(arn), \(now))
            ON CONFLICT (account, arn) DO UPDATE SET seen_at = excluded.seen_at
            WHERE excluded.seen_at >= sighting.seen_at + interval '1 minute'
            """
        )
    }
}
