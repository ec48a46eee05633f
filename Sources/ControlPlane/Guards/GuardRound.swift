import Base
import Experiments
import SafetyLever
import Store

/// One look at many guards at once: each question is asked once, and each guard is dealt with as soon as its own answers are there.
struct GuardRound: Sendable {
    enum Guarded: Sendable {
        case understood(GuardClaim, GuardDuty)
        /// It cannot be looked at, and why.
        case senseless(GuardClaim, String)
    }

    /// A guard whose answers are coming in.
    private struct Open {
        let claim: GuardClaim
        let duty: GuardDuty
        var readings: [Reading?]
        var missing: Int
    }

    private let keeper: GuardKeeper
    private let guards: [Guarded]
    private let deadline: Instant
    /// Every answer is there by the deadline, unless nothing here ran.
    private static let lateness: Duration = .seconds(1)

    init(_ keeper: GuardKeeper, _ guards: [Guarded], deadline: Instant) {
        self.keeper = keeper
        self.guards = guards
        self.deadline = deadline
    }

    /// Returns when everything that was found is written down.
    func run() async {
        await withDiscardingTaskGroup { group in
            var open: [Open] = []
            for one in guards {
                switch one {
                case .senseless(let claim, let reason):
                    group.addTask { await keeper.conclude(senseless: claim, reason) }
                case .understood(let claim, let duty):
                    let count = duty.inquiries.count
                    let readings = [Reading?](repeating: nil, count: count)
                    if count > 0 {
                        open.append(Open(claim: claim, duty: duty, readings: readings, missing: count))
                    } else {
                        group.addTask { await keeper.conclude(claim, duty, readings) }
                    }
                }
            }
            var waiting: [Inquiry: [(guard: Int, condition: Int)]] = [:]
            for (place, one) in open.enumerated() {
                for (condition, inquiry) in one.duty.inquiries.enumerated() {
                    waiting[inquiry, default: []].append((place, condition))
                }
            }
            for await (inquiry, reading) in keeper.sources.read(Array(waiting.keys), by: deadline) {
                // A node that stood still has nothing to say of what is now; others have looked meanwhile, or it looks again.
                if keeper.delivery.clock.now() - deadline > Self.lateness { return }
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
