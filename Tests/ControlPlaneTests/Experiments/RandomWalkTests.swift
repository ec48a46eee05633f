import Base
import Experiments
import Store
import TestSupport
import Testing

@testable import ControlPlane

/// Whatever comes in whatever order, the invariants hold after each step; a seed that fails prints, and replays.
///
/// One after the other: each takes a whole processor while it lasts.
@Suite(.serialized, .timeLimit(.minutes(5))) struct RandomWalkTests {
    enum Step: CaseIterable {
        case start, startAgain, preview, stop, engage, engageAndDie, disengage, turn, crash, zombie, pass,
            passLong
    }

    @Test(
        "random walks over starts, stops, the lever, crashes and clocks",
        arguments: 1...10 as ClosedRange<UInt64>
    )
    func walk(seed: UInt64) async throws {
        try await withTestDatabase { database in
            let walk = try await Walk(database)
            var random = SplitMix64(seed: seed)
            var zombies: [Zombie] = []
            for number in 0..<40 {
                let step = Step.allCases.randomElement(using: &random) ?? .turn
                try await take(step, number, walk, &random, &zombies)
                try await walk.check()
            }
            try await finish(walk, zombies)
        }
    }

    /// A step that a frozen node has thought out and not written yet.
    struct Zombie {
        let claim: ClaimedExperiment
        let record: RunRecord
    }

    private func take(
        _ step: Step,
        _ number: Int,
        _ walk: Walk,
        _ random: inout SplitMix64,
        _ zombies: inout [Zombie]
    ) async throws {
        switch step {
        case .start: try await walk.start(random.draw(below: 3), token: "t\(number)", .runAll)
        // The same token means the same template.
        case .startAgain:
            for _ in 0..<2 { try await walk.start(number % 3, token: "again\(number)", .runAll) }
        case .preview: try await walk.start(0, token: "p\(number)", .skipAll)
        case .stop:
            if let run = try await walk.all.randomElement(using: &random) {
                _ = try await walk.runs.stop(Walk.context, run.id)
            }
        case .engage: try await walk.engage("walk \(number)")
        case .engageAndDie: try await walk.engageAndDie(number)
        case .disengage:
            do throws(APIError) {
                try await walk.lever.leverDisengage(Walk.context, reason: "walk \(number)")
            } catch {
                #expect(error.code == .conflict, "\(error)")
            }
        case .turn: try await walk.reconcilers[random.draw(below: 2)].turn()
        case .crash: _ = try await claim(walk)
        case .zombie: zombies += try await claim(walk).map { try thinkOut($0, walk) }
        case .pass: walk.pass(.milliseconds(random.draw(below: 8_000)))
        case .passLong: walk.pass(.seconds(random.draw(below: 90)))
        }
        if !zombies.isEmpty, random.draw(below: 4) == 0 { try await wake(zombies.removeFirst(), walk) }
    }

    private func claim(_ walk: Walk) async throws -> [ClaimedExperiment] {
        let now = walk.runs.time.now
        return try await walk.database.statement { transaction throws(StoreError) in
            try transaction.experimentClaim(node: "lost", lease: .seconds(5), limit: 2, at: now)
        }
    }

    private func thinkOut(_ claim: ClaimedExperiment, _ walk: Walk) throws -> Zombie {
        var record = try RunRecord(claim.experiment)
        let now = walk.runs.time.now
        if claim.lever.forbids(claim.experiment) {
            record.happened { $0.stopRequested(.lever("zombie"), at: now) }
        }
        record.happened { $0.timePassed(at: now) }
        return Zombie(claim: claim, record: record)
    }

    /// It writes what it thought out when nobody was faster, and otherwise nothing.
    private func wake(_ zombie: Zombie, _ walk: Walk) async throws {
        let keeper = RunKeeper(database: walk.database, time: walk.runs.time, log: .quiet)
        _ = try await keeper.write(zombie.record, term: zombie.claim.term)
    }

    /// Left alone, every run ends and nothing is served any more; what wakes up after that changes nothing.
    private func finish(_ walk: Walk, _ zombies: [Zombie]) async throws {
        for _ in 0..<40 {
            walk.pass(.seconds(10))
            for reconciler in walk.reconcilers { try await reconciler.turn() }
        }
        try await walk.check()
        for run in try await walk.all { #expect(run.endedAt != nil, "\(run.id) is \(run.status)") }
        let lever = walk.lever.status
        #expect(lever != .engaging, "what a node left half done another has done")
        for zombie in zombies { try await wake(zombie, walk) }
        try await walk.check()
        let left: Int = try await walk.database.statement { transaction throws(StoreError) in
            try transaction.faultCount()
        }
        #expect(left == 0)
    }
}
