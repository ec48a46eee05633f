/// A signed request whose signature can be checked only once its body is there.
final class UnprovenSignature: Sendable {
    let claim: SigV4Claim

    init(_ claim: SigV4Claim) { self.claim = claim }
}
