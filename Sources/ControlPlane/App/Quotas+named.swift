import Experiments

extension Quotas {
    /// A quota that an operator may set: what it is called, and what it may be.
    package struct Named: Sendable {
        package let name: String
        package let range: ClosedRange<Int>
        fileprivate let set: @Sendable (inout Quotas, Int) -> Void

        fileprivate init(
            _ name: String,
            _ range: ClosedRange<Int>,
            _ set: @escaping @Sendable (inout Quotas, Int) -> Void
        ) {
            self.name = name
            self.range = range
            self.set = set
        }
    }

    /// All of them, in the order in which they are told of.
    package static let named = [
        Named("experiments", 1...1_000_000) { $0.activeExperiments = $1 },
        Named("templates", 1...1_000_000) { $0.templates = $1 },
        Named("account-configurations", 1...1_000) { $0.accountConfigurations = $1 },
        Named("actions", 1...100) { $0.template.actions = $1 },
        Named("parallel-actions", 1...100) { $0.run.parallelActions = $1 },
        Named("targets", 1...100) { $0.template.targets = $1 },
        Named("resources", 1...20_000) { $0.resourcesPerTarget = $1 },
        Named("hours", 1...168) { $0.run.duration = .seconds($1 * 3_600) },
        Named("retention-days", 1...3_650) { $0.retention = .seconds($1 * 86_400) },
    ]

    /// Takes `name=number` and more of them after commas; nil where one of them is no quota or not in its range.
    package init?(_ text: String, over quotas: Quotas) {
        self = quotas
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            let words = part.split(separator: "=", omittingEmptySubsequences: false)
            guard words.count == 2, let number = Int(words[1]),
                let quota = Self.named.first(where: { $0.name == words[0] }), quota.range.contains(number)
            else { return nil }
            quota.set(&self, number)
        }
    }

    /// What is accepted, for who got it wrong.
    package static var accepted: String {
        let names = named.map { "\($0.name) (\($0.range.lowerBound) to \($0.range.upperBound))" }
        return "NAME=N is accepted, with commas between several; the names are "
            + names.joined(separator: ", ")
    }
}
