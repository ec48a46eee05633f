import Base
import ControlPlane

/// A deployment's keys as the tests of identity use them: one of each role, and a revoked one.
struct IdentityFixture {
    static let account = required(AccountID("000000000000"))
    static let otherAccount = required(AccountID("111111111111"))
    static let noon = Timestamp(nanoseconds: 1_800_000_000_000_000_000)
    static let masterKey = required(MasterKey([UInt8](repeating: 7, count: 32)))

    let admin = KeyRecord(keyID: key("A"), account: account, role: .admin)
    let viewer = KeyRecord(keyID: key("B"), account: account, role: .viewer)
    let agent = KeyRecord(
        keyID: key("C"),
        account: otherAccount,
        role: .agent,
        targets: TargetPattern("arn:aws:lambda:*:function:checkout*")
    )
    let revoked = KeyRecord(keyID: key("D"), account: account, role: .admin, isRevoked: true)

    var table: KeyTable {
        KeyTable(
            [admin, viewer, agent, revoked],
            accounts: [Self.account, Self.otherAccount],
            masterKey: Self.masterKey
        )
    }

    static func key(_ letter: String) -> KeyID {
        required(KeyID("FP" + String(repeating: letter, count: 18)))
    }

    func secret(of record: KeyRecord) -> String {
        Self.masterKey.secret(
            keyID: record.keyID,
            account: record.account,
            role: record.role,
            targets: record.targets
        ).revealed
    }

    /// `KEY_ID.SECRET`.
    func token(of record: KeyRecord) -> String { "\(record.keyID).\(secret(of: record))" }
}

/// Unwraps what a test knows to be there; a nil is a mistake in the test.
func required<Value>(_ value: Value?, _ note: String = "a value the test relies on is nil") -> Value {
    guard let value else { fatalError(note) }
    return value
}
