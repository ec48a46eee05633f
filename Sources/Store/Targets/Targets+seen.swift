package import Base

/// What a target is called among those of all accounts.
package struct TargetKey: Hashable, Sendable {
    package let account: AccountID
    package let target: String

    package init(account: AccountID, target: String) {
        self.account = account
        self.target = target
    }

    /// Byte by byte, as the database does: two names that only look alike are two.
    package static func == (left: TargetKey, right: TargetKey) -> Bool {
        left.account == right.account && left.target.utf8.elementsEqual(right.target.utf8)
    }
}

extension Transaction {
    /// Notes that targets were polled for: whatever is polled for exists.
    ///
    /// A sighting less than a minute newer than the last writes nothing, and an older one never does. In the order of their names, so that
    /// two nodes that note the same do not wait for each other.
    package func targetsSeen(_ seen: Set<TargetKey>, at now: Timestamp) throws(StoreError) {
        let rows = JSON.array(
            seen.map { ["account": .string($0.account.description), "target": .string($0.target)] }
        )
        try execute(
            """
            INSERT INTO target_sightings AS sighting (account, arn, seen_at)
            SELECT account, target, \(now)::timestamptz
            FROM json_to_recordset(\(rows)::json) AS seen (account text, target text)
            WHERE EXISTS (SELECT FROM accounts WHERE accounts.id = seen.account)
            ORDER BY account, target
            ON CONFLICT (account, arn) DO UPDATE SET seen_at = excluded.seen_at
            WHERE excluded.seen_at >= sighting.seen_at + interval '1 minute'
            """
        )
    }
}
