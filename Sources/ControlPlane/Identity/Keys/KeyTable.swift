package import Base

/// Every key and account of the deployment at one moment.
///
/// Revoked keys are in it, so that the log can tell a revoked key from one that never was.
package final class KeyTable: Sendable {
    package let accounts: Set<AccountID>
    private let credentials: [Credential]
    private let index: KeyIndex

    /// Derives the secrets; a key that `previous` has unchanged brings its secret along.
    package init(
        _ records: some Collection<KeyRecord>,
        accounts: Set<AccountID>,
        masterKey: MasterKey,
        previous: KeyTable? = nil
    ) {
        var ids: [PackedKeyID] = []
        var credentials: [Credential] = []
        for record in records {
            guard let id = PackedKeyID(record.keyID) else { continue }
            ids.append(id)
            if let known = previous?.lookup(id), known.record == record {
                credentials.append(known)
            } else {
                credentials.append(Credential(record, under: masterKey))
            }
        }
        self.credentials = credentials
        self.accounts = accounts
        index = KeyIndex(ids)
    }

    package var count: Int { credentials.count }

    /// The key of this id, revoked or not.
    package func lookup(_ id: PackedKeyID) -> Credential? {
        index.position(of: id).map { credentials[$0] }
    }

    /// The same from raw bytes, which need not be a key id at all; allocates nothing.
    package func lookup(bytes: Span<UInt8>) -> Credential? {
        guard let id = PackedKeyID(bytes) else { return nil }
        return lookup(id)
    }
}
