import Base

/// What a request's exchange remembers of who asks, as one reference.
protocol Caller: AnyObject, Sendable {
    var principal: Principal { get }
}

extension Credential: Caller {}

/// The machine's operator, who has no key.
final class MachineOperator: Caller {
    let principal: Principal

    init(account: AccountID) { principal = .machineOperator(for: account) }
}

/// A signed request whose signature can be checked only once its body is there.
final class UnprovenSignature: Sendable {
    let claim: SigV4Claim

    init(_ claim: SigV4Claim) { self.claim = claim }
}
