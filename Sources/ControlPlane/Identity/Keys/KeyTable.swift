package import Base

/// Every key and account of the deployment at one moment.
///
/// Revoked keys are in it, so that the log can tell a revoked key from one that never was.
package final class KeyTable: Sendable {
    package let accounts: Set<AccountID>
    private let credentials: [PackedKeyID: Credential]

    /// Derives the secrets; a key that `previous` has unchanged brings its secret along.
    package init(
        _ records: some Collection<KeyRecord>,
        accounts: Set<AccountID>,
        masterKey: MasterKey,
        previous: KeyTable? = nil
    ) {
        var credentials: [PackedKeyID: Credential] = [:]
        credentials.reserveCapacity(records.count)
        for record in records {
            guard let id = PackedKeyID(record.keyID) else { continue }
            if let known = previous?.credentials[id], known.record == record {
                credentials[id] = known
            } else {
                credentials[id] = Credential(record, under: masterKey)
            }
        }
        self.credentials = credentials
        self.accounts = accounts
    }

    package var count: Int { credentials.count }

    /// The key of this id, revoked or not.
    package func lookup(_ id: PackedKeyID) -> Credential? { credentials[id] }

    /// The same from raw bytes, which need not be a key id at all; allocates nothing.
    package func lookup(bytes: Span<UInt8>) -> Credential? {
        guard let id = PackedKeyID(bytes) else { return nil }
        return credentials[id]
    }
}
