/// Which faults exclude each other.
///
/// An invocation has one outcome: of faults that decide it, and of two that do the same, the one that began first holds, and the next
/// takes over with its own end. Everything else adds up.
enum FaultConflict {
    private static let outcomes: Set<String> = [
        "aws:lambda:invocation-error", "aws:lambda:invocation-http-integration-response",
    ]

    /// Those that hold, of faults in the order in which they began.
    static func survivors(of faults: [TargetFault]) -> [TargetFault] {
        var taken: Set<String> = []
        return faults.filter {
            taken.insert(outcomes.contains($0.actionID) ? "outcome" : $0.actionID).inserted
        }
    }
}
