import Base
import Experiments
import Store

/// Looks in the registry for the resources that a run's targets mean.
struct TargetResolver: Sendable {
    /// Whoever was polled for within this time exists.
    static let sightingAge: Duration = .seconds(24 * 3_600)
    /// The most resources of one type that are looked through.
    private static let candidateLimit = 20_000

    let quotas: Quotas

    /// Chooses for each target from a seed that is kept with the choice.
    func outcome(
        of run: Run,
        account: AccountID,
        at now: Timestamp,
        in transaction: borrowing Transaction
    ) throws(StoreError) -> ResolutionOutcome {
        let context = OperationContext(
            account: account,
            actor: .system,
            origin: .background,
            requestID: "targets of \(run.id)"
        )
        let seed = UInt64.random(in: .min ... .max)
        var results: [TargetResult] = []
        for target in run.template.targets {
            results.append(try result(of: target, context, seed, now, transaction))
        }
        return ResolutionOutcome(results)
    }

    private func result(
        of target: TemplateTarget,
        _ context: OperationContext,
        _ seed: UInt64,
        _ now: Timestamp,
        _ transaction: borrowing Transaction
    ) throws(StoreError) -> TargetResult {
        let since = now + (.zero - Self.sightingAge)
        let found = try candidates(for: target, context, since: since, transaction)
        if found.hasMore { return .failed(Self.tooMany(target)) }
        do throws(ResolutionFailure) {
            return .resolved(
                try TargetResolution.resolve(
                    target: target,
                    candidates: found.targets.compactMap { TargetCandidate($0, as: target.resourceType) },
                    seed: TargetResolution.seed(from: seed, target: target.name),
                    quota: quotas.resourcesPerTarget
                )
            )
        } catch {
            return .failed(error)
        }
    }

    private func candidates(
        for target: TemplateTarget,
        _ context: OperationContext,
        since moment: Timestamp,
        _ transaction: borrowing Transaction
    ) throws(StoreError) -> (targets: [PossibleTarget], hasMore: Bool) {
        if !target.resourceARNs.isEmpty {
            let arns = target.resourceARNs
            return (try transaction.targetCandidates(context, arns: arns, seenSince: moment), false)
        }
        let all = try transaction.targetCandidates(
            context,
            resourceType: target.resourceType,
            form: Self.form(of: target.resourceType),
            seenSince: moment,
            limit: Self.candidateLimit
        )
        return (all.targets, all.hasMore)
    }

    private static func tooMany(_ target: TemplateTarget) -> ResolutionFailure {
        ResolutionFailure(
            target: target.name,
            code: .quotaExceeded,
            reason: "More than \(candidateLimit) resources of type \(target.resourceType) are known; "
                + "name those that target \(target.name) means by their ARNs."
        )
    }

    /// What the ARNs of a type look like, by which those are known that poll and that nobody registered.
    private static func form(of resourceType: String) -> ARNForm? {
        guard let type = Catalogue.standard.resourceType(resourceType), let service = type.arnService else {
            return nil
        }
        return ARNForm(service: service, resource: type.arnResource)
    }
}

extension TargetCandidate {
    /// Nil for what was only polled for and is not named like that type.
    fileprivate init?(_ possible: PossibleTarget, as type: String) {
        if possible.resourceType == nil {
            guard let type = Catalogue.standard.resourceType(type), type.arnService != nil,
                let arn = ARN(possible.arn), type.fits(arn)
            else { return nil }
        }
        self.init(
            arn: possible.arn,
            resourceType: possible.resourceType ?? type,
            tags: (possible.tags.members ?? []).map { Tag($0.name, $0.value.text ?? "") },
            attributes: possible.attributes
        )
    }
}
