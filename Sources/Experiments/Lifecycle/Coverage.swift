/// How many instances of an action's targets do what they were told, over all nodes.
package struct CoverageCounts: Equatable, Sendable {
    /// Those that poll.
    package var seen: Int
    /// Those that hold the fault now.
    package var holding: Int
    /// Those that hold it or have held it.
    package var held: Int
    /// Of these, those that have let go of it, or whose lease is over.
    package var cleared: Int
    /// Answers with the fault to instances that nobody remembers: whether those hold it nobody can say.
    package var untracked: Int
    /// Why one of them refuses it; nil where none does.
    package var refusal: String?

    package init(
        seen: Int = 0,
        holding: Int = 0,
        held: Int = 0,
        cleared: Int = 0,
        untracked: Int = 0,
        refusal: String? = nil
    ) {
        self.seen = seen
        self.holding = holding
        self.held = held
        self.cleared = cleared
        self.untracked = untracked
        self.refusal = refusal
    }
}

/// How far a fault has come among the instances, on its way in or out: what the history of a run tells of it.
package enum CoverageMilestone: String, CaseIterable, Comparable, Sendable {
    case first, half, most, all

    /// The highest that is reached; nil where nobody has come that far.
    init?(_ count: Int, of all: Int) {
        guard count > 0 else { return nil }
        let reached = Self.allCases.last { count >= $0.needed(of: all) }
        self = reached ?? .first
    }

    private func needed(of all: Int) -> Int {
        switch self {
        case .first: 1
        case .half: (all + 1) / 2
        case .most: (all * 95 + 99) / 100
        case .all: all
        }
    }

    private var order: Int { Self.allCases.firstIndex(of: self) ?? 0 }

    package static func < (left: CoverageMilestone, right: CoverageMilestone) -> Bool {
        left.order < right.order
    }
}

/// An action that waits until enough instances hold its fault, so that all begin together.
package struct ArmRule: Equatable, Sendable {
    /// Of the instances that poll, in percent.
    package let share: Int
    /// How long it may take.
    package let timeout: Duration

    /// While it is armed the fault's times lie this far off, a year, so that nobody begins who is not told to, however long everything is down.
    static let distance: Duration = .seconds(31_536_000)
    /// From the decision to the beginning: everybody must have heard of it by then.
    static let lead: Duration = .seconds(1)

    /// Nil where the action begins at once.
    init?(_ action: TemplateAction) {
        guard let share = action.parameter("armAtLeastPercent").flatMap({ Int($0) }) else { return nil }
        self.share = share
        timeout = action.parameter("armTimeout").flatMap { ISODuration($0)?.value } ?? .seconds(30)
    }

    func isMet(by counts: CoverageCounts) -> Bool {
        counts.holding > 0 && counts.holding * 100 >= share * counts.seen
    }
}
