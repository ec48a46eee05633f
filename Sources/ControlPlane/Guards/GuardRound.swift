import Base
import Experiments
import SafetyLever
import Store

/// One look at many guards at once: each question is asked once, and each guard is dealt with as soon as its own answers are there.
struct GuardRound: Sendable {
    /// A guard whose answers are coming in.
    private struct Open {
        let claim: GuardClaim
        let duty: GuardDuty
        var readings: [Reading?]
        var missing: Int
    }

    private let keeper: GuardKeeper
    private let guards: [(GuardClaim, GuardDuty)]
    private let deadline: Instant

    init(_ keeper: GuardKeeper, _ guards: [(GuardClaim, GuardDuty)], deadline: Instant) {
        self.keeper = keeper
        self.guards = guards
        self.deadline = deadline
    }

    /// Returns when everything that was found is written down.
    func run() async {
        var open = guards.map { claim, duty in
            Open(
                claim: claim,
                duty: duty,
                readings: duty.inquiries.map { _ in nil },
                missing: duty.inquiries.count
            )
        }
        var waiting: [Inquiry: [(guard: Int, condition: Int)]] = [:]
        for (place, one) in open.enumerated() {
            for (condition, inquiry) in one.duty.inquiries.enumerated() {
                waiting[inquiry, default: []].append((place, condition))
            }
        }
        await withDiscardingTaskGroup { group in
            for await (inquiry, reading) in keeper.sources.read(Array(waiting.keys), by: deadline) {
                keeper.metrics.read(reading.finding)
                for (place, condition) in waiting.removeValue(forKey: inquiry) ?? [] {
                    open[place].readings[condition] = reading
                    open[place].missing -= 1
                    if open[place].missing > 0 { continue }
                    let (claim, duty, readings) = (open[place].claim, open[place].duty, open[place].readings)
                    group.addTask { await keeper.conclude(claim, duty, readings) }
                }
            }
        }
    }
}
