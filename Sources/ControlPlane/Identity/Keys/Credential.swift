package import Base

/// A key with the secret that proves it.
///
/// A class, so that the poll path hands it on for the price of one reference count.
package final class Credential: Sendable {
    package let record: KeyRecord
    package let secret: Secret
    /// Who the holder is.
    package let caller: Caller

    package var principal: Principal { caller.principal }

    init(_ record: KeyRecord, under masterKey: MasterKey) {
        self.record = record
        secret = masterKey.secret(
            keyID: record.keyID,
            account: record.account,
            role: record.role,
            targets: record.targets
        )
        let principal = Principal(
            proof: .key(record.keyID),
            account: record.account,
            role: record.role,
            targets: record.targets
        )
        caller = Caller(principal, paceKey: PackedKeyID(record.keyID).map { UInt64($0.spread) })
    }
}
