package import Base

/// A key as the database knows it: who holds it and what it may do, and no secret.
package struct KeyRecord: Hashable, Sendable {
    package let keyID: KeyID
    package let account: AccountID
    package let role: Role
    /// The targets an agent may speak for; nil for every other role.
    package let targets: TargetPattern?
    package let isRevoked: Bool

    package init(
        keyID: KeyID,
        account: AccountID,
        role: Role,
        targets: TargetPattern? = nil,
        isRevoked: Bool = false
    ) {
        self.keyID = keyID
        self.account = account
        self.role = role
        self.targets = targets
        self.isRevoked = isRevoked
    }
}
