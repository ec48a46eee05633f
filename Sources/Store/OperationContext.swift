package import Base

/// On whose behalf something is asked of the store.
///
/// Whatever belongs to an account takes one of these, so that no statement can forget whose rows it may touch, and no
/// audit row can forget who did it.
package struct OperationContext: Sendable, Equatable {
    package let account: AccountID
    package let actor: Actor
    package let origin: Origin
    package let requestID: String
    /// The address of the peer, where there is one.
    package let peer: String?

    package init(
        account: AccountID,
        actor: Actor,
        origin: Origin,
        requestID: String,
        peer: String? = nil
    ) {
        self.account = account
        self.actor = actor
        self.origin = origin
        self.requestID = requestID
        self.peer = peer
    }

    /// Who asked.
    package enum Actor: Sendable, Equatable, CustomStringConvertible {
        case key(KeyID)
        /// Whoever may use the machine: the control socket and the command line.
        case machineOperator
        /// The service itself.
        case system

        package var description: String {
            switch self {
            case .key(let id): id.description
            case .machineOperator: "operator"
            case .system: "system"
            }
        }
    }

    /// By which way it came.
    package enum Origin: String, Sendable, CaseIterable {
        case api
        case controlSocket = "control-socket"
        case background
    }
}
