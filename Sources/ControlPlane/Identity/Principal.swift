package import Base

/// Who a request comes from, once that is proven.
package struct Principal: Hashable, Sendable {
    /// What proved it.
    package enum Proof: Hashable, Sendable {
        /// A signature or a token of this key.
        case key(KeyID)
        /// Access to the control socket on the machine itself.
        case controlSocket
    }

    package let proof: Proof
    package let account: AccountID
    package let role: Role
    /// The targets an agent may speak for; nil for every other role.
    package let targets: TargetPattern?

    package init(proof: Proof, account: AccountID, role: Role, targets: TargetPattern?) {
        self.proof = proof
        self.account = account
        self.role = role
        self.targets = targets
    }

    /// The machine's operator, who owns the process and its files, acting for one account.
    package static func machineOperator(for account: AccountID) -> Principal {
        Principal(proof: .controlSocket, account: account, role: .admin, targets: nil)
    }

    /// The key, where there is one.
    package var keyID: KeyID? {
        switch proof {
        case .key(let keyID): keyID
        case .controlSocket: nil
        }
    }
}

extension Principal {
    /// Refuses what the role does not allow, and what concerns every account to all but the deployment's admin.
    ///
    /// That is an admin of `firstAccount`, or the machine's operator for whichever account.
    package func require(
        _ permission: Permission,
        firstAccount: AccountID
    ) throws(AuthenticationFailure) {
        guard role.allows(permission) else { throw .roleDenies(role, permission) }
        if permission.concernsEveryAccount, proof != .controlSocket, account != firstAccount {
            throw .deploymentAdminOnly(permission)
        }
    }

    /// Refuses an agent a target its pattern does not name; an agent without a pattern has none.
    package func requireTarget(_ target: Span<UInt8>) throws(AuthenticationFailure) {
        guard role == .agent else { return }
        guard let targets, targets.matches(target) else { throw .targetDenied(targets) }
    }
}
