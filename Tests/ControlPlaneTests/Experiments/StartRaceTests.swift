import Base
import Experiments
import Store
import TestSupport
import Testing

@testable import ControlPlane

/// Starts that meet something else at the same moment, or come too late.
@Suite(.timeLimit(.minutes(10))) struct StartRaceTests {
    private static func start(_ walk: Walk, _ number: Int) async throws {
        try await walk.start(number % 2, token: "token-\(number)", .runAll)
    }

    @Test func `starts that race an engagement leave nothing running`() async throws {
        try await withTestDatabase { database in
            let walk = try await Walk(database)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<60 {
                    group.addTask { try await Self.start(walk, number) }
                    if number == 30 {
                        group.addTask { try await walk.engage("race") }
                    }
                }
                try await group.waitForAll()
            }
            let runs = try await walk.all
            #expect(runs.count == 60)
            let statuses = Set(runs.map(\.status))
            #expect(statuses.isSubset(of: ["stopping", "stopped", "cancelled"]), "\(statuses)")
            try await walk.check()
        }
    }

    @Test func `what a start remembers may be out of date and does no harm`() async throws {
        try await withTestDatabase { database in
            let walk = try await Walk(database)
            try await Self.start(walk, 0)
            #expect(walk.runs.memory.recall(walk.remembered) != nil)
            try await walk.engage("drill")
            try await Self.start(walk, 2)
            #expect(try await walk.all.map(\.status).contains("running") == false)
            for reconciler in walk.reconcilers { try await reconciler.turn() }
            try await walk.lever.leverDisengage(Walk.context, reason: "over")
            try await Self.start(walk, 4)
            #expect(try await walk.all.count { $0.status == "running" } == 1)
        }
    }

    @Test func `a start that was held up for too long starts nothing`() async throws {
        try await withTestDatabase { database in
            var quotas = Quotas()
            quotas.startWithin = .seconds(-1)
            let walk = try await Walk(database, quotas: quotas)
            let message = "The start was held up for more than -1 s and was given up; nothing was started."
            let error = await #expect(throws: APIError.self) { try await Self.start(walk, 0) }
            #expect(error?.code == .unavailable && error?.message == message, "\(String(describing: error))")
            #expect(try await walk.all.isEmpty)
        }
    }
}

extension Walk {
    /// Under what the first template is remembered.
    fileprivate var remembered: StartMemory.Key { .init(account: Self.account, template: Self.templateID(0)) }
}
