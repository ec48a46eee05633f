package import Base

/// A key with the secret that proves it.
///
/// A class, so that the poll path hands it on for the price of one reference count.
package final class Credential: Sendable {
    package let record: KeyRecord
    package let secret: Secret
    /// Who the holder is.
    package let principal: Principal
    /// The key as one number, to count its requests by.
    package let paceKey: UInt64

    init(_ record: KeyRecord, under masterKey: MasterKey) {
        self.record = record
        secret = masterKey.secret(
            keyID: record.keyID,
            account: record.account,
            role: record.role,
            targets: record.targets
        )
        paceKey = UInt64(PackedKeyID(record.keyID)?.spread ?? 0)
        principal = Principal(
            proof: .key(record.keyID),
            account: record.account,
            role: record.role,
            targets: record.targets
        )
    }
}
