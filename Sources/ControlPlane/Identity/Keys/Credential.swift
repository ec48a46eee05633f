package import Base

/// A key with the secret that proves it.
///
/// A class, so that the poll path hands it on for the price of one reference count.
package final class Credential: Sendable {
    package let record: KeyRecord
    package let secret: Secret
    /// Who the holder is.
    package let principal: Principal

    init(_ record: KeyRecord, under masterKey: MasterKey) {
        self.record = record
        secret = masterKey.secret(
            keyID: record.keyID,
            account: record.account,
            role: record.role,
            targets: record.targets
        )
        principal = Principal(
            proof: .key(record.keyID),
            account: record.account,
            role: record.role,
            targets: record.targets
        )
    }
}
