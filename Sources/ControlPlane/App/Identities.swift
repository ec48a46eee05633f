import Base
import Store

/// What can be done with accounts and keys.
package struct Identities: Sendable {
    /// The channel on which nodes tell each other that accounts or keys changed.
    static let channel = "faultplane_identity"

    let database: DatabaseDoor
    let keys: KeyRing
    let masterKey: MasterKey
    let firstAccount: AccountID
    let region: String
    let ticker: Ticker
    let clock: Clock
    let log: Logger

    func keyCreate(
        _ context: OperationContext,
        role: Role,
        targets: TargetPattern?,
        name: String
    ) async throws(APIError) -> (key: AccessKey, secret: Secret) {
        let now = clock.wall()
        let id = KeyID.random()
        let key = try await database.transaction { transaction throws(StoreError) in
            try transaction.keyCreate(
                context,
                id: id,
                role: role,
                targetPattern: targets?.description,
                name: name,
                at: now
            )
        }
        await changed { $0.lookup(id) != nil }
        let secret = masterKey.secret(keyID: id, account: context.account, role: role, targets: targets)
        return (key, secret)
    }

    func keyList(_ context: OperationContext) async throws(APIError) -> [AccessKey] {
        try await database.transaction { transaction throws(StoreError) in try transaction.keyList(context) }
    }

    func keyRevoke(_ context: OperationContext, _ id: KeyID) async throws(APIError) -> AccessKey {
        let now = clock.wall()
        let key = try await database.transaction { transaction throws(StoreError) in
            try transaction.keyRevoke(context, id: id, at: now)
        }
        await changed { $0.lookup(id)?.record.isRevoked != false }
        return key
    }

    func accountCreate(
        _ context: OperationContext,
        id: AccountID,
        name: String
    ) async throws(APIError) -> Account {
        let now = clock.wall()
        let account = try await database.transaction { transaction throws(StoreError) in
            try transaction.accountCreate(context, id: id, name: name, at: now)
        }
        await changed { $0.accounts.contains(id) }
        return account
    }

    func accountList() async throws(APIError) -> [Account] {
        try await database.transaction { transaction throws(StoreError) in
            try transaction.accountListOfDeployment()
        }
    }

    /// This node looks at once, the others when the hint reaches them.
    ///
    /// Waits until this node has seen it, so that a key just made is not refused; and not for long, for it is done.
    private func changed(_ isSeen: @Sendable (KeyTable) -> Bool) async {
        ticker.nudge()
        await database.hint(Self.channel, log: log)
        await keys.settle(within: .seconds(1), isSeen)
    }
}
