import Base

/// Finds the resources that a target means, among those that are known.
package enum TargetResolution {
    /// Resolves all targets of a template, each from a seed of its own.
    package static func outcome(
        targets: [TemplateTarget],
        candidates: (TemplateTarget) -> [TargetCandidate],
        seed: UInt64,
        quota: Int
    ) -> ResolutionOutcome {
        ResolutionOutcome(
            targets.map { target in
                let own = Self.seed(from: seed, target: target.name)
                do throws(ResolutionFailure) {
                    let found = try resolve(
                        target: target,
                        candidates: candidates(target),
                        seed: own,
                        quota: quota
                    )
                    return .resolved(found)
                } catch {
                    return .failed(error)
                }
            }
        )
    }

    /// Resolves one target; to nothing, with an explanation, where nothing fits.
    ///
    /// Resources are chosen at random thus: those that fit are sorted by the bytes of their ARNs; for each place from the
    /// first, as many as are to be taken, the resource there changes places with one drawn (`SplitMix64.draw`) from that
    /// place on; those in the first places are taken.
    package static func resolve(
        target: TemplateTarget,
        candidates: [TargetCandidate],
        seed: UInt64,
        quota: Int
    ) throws(ResolutionFailure) -> ResolvedTarget {
        let ofType = distinct(candidates.filter { $0.resourceType == target.resourceType })
        var funnel = Funnel(noun: noun(target.resourceType), candidates: ofType)
        if !target.resourceARNs.isEmpty {
            let named = Set(target.resourceARNs)
            try requireAll(target, among: Set(ofType.map(\.arn)))
            funnel.name(named)
        }
        funnel.keep(criteriaOf: target)
        let fitting = funnel.candidates.map(\.arn)
        let count = count(target.selection, of: fitting.count)
        let arns = choose(count, of: fitting, seed: seed)
        guard arns.count <= quota else {
            throw ResolutionFailure(
                target: target.name,
                code: .quotaExceeded,
                reason:
                    "Target \(target.name) resolved to \(funnel.noun.counted(arns.count)); at most \(quota) are allowed."
            )
        }
        return ResolvedTarget(
            name: target.name,
            resourceType: target.resourceType,
            arns: arns,
            explanation: funnel.explanation(taking: count, by: target.selection),
            seed: seed,
            parameters: target.parameters.filter { carriedParameters.contains($0.name) }
        )
    }

    /// Parameters that do not restrict which resources are chosen, but say what is meant of them.
    package static let carriedParameters: Set = ["functionQualifier", "targetContainerName"]

    /// The seed of one target: the first eight bytes of the SHA-256 over the run's seed and the target's name.
    package static func seed(from seed: UInt64, target: String) -> UInt64 {
        let bytes = (0..<8).map { UInt8(truncatingIfNeeded: seed >> (56 - 8 * $0)) }
        return Hash.sha256(UnambiguousBytes.joined([bytes, Array(target.utf8)])).prefix(8)
            .reduce(0) { $0 << 8 | UInt64($1) }
    }
}

extension TargetResolution {
    /// Sorted by the bytes of their ARNs, each once.
    private static func distinct(_ candidates: [TargetCandidate]) -> [TargetCandidate] {
        var seen: Set<[UInt8]> = []
        return candidates.filter { seen.insert(Array($0.arn.utf8)).inserted }
            .sorted { $0.arn.utf8.lexicographicallyPrecedes($1.arn.utf8) }
    }

    private static func requireAll(
        _ target: TemplateTarget,
        among known: Set<String>
    ) throws(ResolutionFailure) {
        let missing = target.resourceARNs.filter { !known.contains($0) }
        if missing.isEmpty { return }
        let what = missing.count == 1 ? "a resource that is" : "\(missing.count) resources that are"
        throw ResolutionFailure(
            target: target.name,
            code: .invalidTarget,
            reason: "Target \(target.name) names \(what) not known as \(target.resourceType): "
                + missing.joined(separator: ", ")
        )
    }

    /// How many are taken; more than there are is all of them, and a part of one is none.
    private static func count(_ selection: SelectionMode, of population: Int) -> Int {
        switch selection {
        case .all: population
        case .count(let wanted): min(max(wanted, 0), population)
        case .percent(let percent):
            // Divided first, so that no population is too large.
            population / 100 * bounded(percent) + population % 100 * bounded(percent) / 100
        }
    }

    private static func bounded(_ percent: Int) -> Int { min(max(percent, 0), 100) }

    private static func choose(_ count: Int, of arns: [String], seed: UInt64) -> [String] {
        if count == arns.count { return arns }
        var arns = arns
        var generator = SplitMix64(seed: seed)
        for place in arns.indices.prefix(count) {
            arns.swapAt(place, place + generator.draw(below: arns.count - place))
        }
        return arns.prefix(count).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    /// `aws:lambda:function` is a function.
    private static func noun(_ resourceType: String) -> Noun {
        Noun(resourceType.split(separator: ":").last.map(String.init) ?? "resource")
    }
}
