import Base

/// The candidates that are left after each criterion, and the sentence that tells it.
struct Funnel {
    let noun: Noun
    private(set) var candidates: [TargetCandidate]
    private let known: Int
    private var clauses: [String] = []

    init(noun: Noun, candidates: [TargetCandidate]) {
        self.noun = noun
        self.candidates = candidates
        known = candidates.count
    }

    /// Keeps those that the template names.
    mutating func name(_ arns: Set<String>) {
        candidates.removeAll { !arns.contains($0.arn) }
        clauses.append("\(noun.counted(candidates.count)) \(candidates.count == 1 ? "is" : "are") named")
    }

    /// Keeps those that meet every criterion; what comes after the last candidate is gone is not told.
    mutating func keep(criteriaOf target: TemplateTarget) {
        for tag in target.resourceTags {
            keep(having: "tag \(tag.key)=\(tag.value)") { $0.tags.contains(tag) }
        }
        for parameter in target.parameters where !TargetResolution.carriedParameters.contains(parameter.name)
        {
            keep(having: "parameter \(parameter.name)=\(parameter.value)") { candidate in
                AttributePath(parameter: parameter.name).values(in: candidate.attributes).contains(
                    parameter.value
                )
            }
        }
        for filter in target.filters {
            keep(having: "\(filter.path)=\(filter.values.joined(separator: " or "))") { candidate in
                AttributePath(filter.path).values(in: candidate.attributes).contains {
                    filter.values.contains($0)
                }
            }
        }
    }

    private mutating func keep(having what: String, _ fits: (TargetCandidate) -> Bool) {
        if candidates.isEmpty { return }
        candidates.removeAll { !fits($0) }
        let count = candidates.count
        let whom = clauses.isEmpty ? "\(known) \(noun.many)" : "them"
        clauses.append("\(count) of \(whom) \(count == 1 ? "has" : "have") \(what)")
    }

    /// The whole sentence.
    func explanation(taking count: Int, by selection: SelectionMode) -> String {
        guard known > 0 else { return "No \(noun.many) are known." }
        let told = clauses.isEmpty ? ["\(noun.counted(known)) \(known == 1 ? "is" : "are") known"] : clauses
        let taken = candidates.isEmpty ? [] : ["\(selection) takes \(count)"]
        return (told + taken).joined(separator: "; ") + "."
    }
}
