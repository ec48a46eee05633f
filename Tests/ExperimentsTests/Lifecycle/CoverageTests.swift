import Base
import Experiments
import Testing

/// What instances say of faults, in the life of a run.
@Suite struct CoverageTests {
    private static let arm: [TemplateAction.Parameter] = [
        .init("armAtLeastPercent", "60"), .init("armTimeout", "PT20S"),
    ]

    private static func counts(_ holding: Int, of seen: Int) -> CoverageCounts {
        CoverageCounts(seen: seen, holding: holding, held: holding)
    }

    @Test func `the history tells of the first, half, nearly all, all, and of nothing twice`() throws {
        var stage = Stage([Stage.fault("Delay", 60)])
        try stage.begin()
        #expect(stage.count("Delay", Self.counts(0, of: 20), 1) == [])
        let lines = [1, 1, 9, 10, 18, 19, 12, 20, 20].enumerated().flatMap { place, holding in
            stage.count("Delay", Self.counts(holding, of: 20), Double(place + 2))
        }
        #expect(
            lines == [
                "2.0: Delay/holding  > first 1 of the 20 instances that poll hold the fault.",
                "5.0: Delay/holding first > half 10 of the 20 instances that poll hold the fault.",
                "7.0: Delay/holding half > most 19 of the 20 instances that poll hold the fault.",
                "9.0: Delay/holding most > all 20 of the 20 instances that poll hold the fault.",
            ]
        )
    }

    @Test func `that it has ended everywhere is told after the run has`() throws {
        var stage = Stage([Stage.fault("Delay", 60)])
        try stage.begin()
        stage.count("Delay", Self.counts(4, of: 4), 1)
        stage.look(60)
        #expect(stage.run.status == .completed)
        let told = "2 of the 4 instances that held the fault have let go of it, or their lease is over."
        let half = CoverageCounts(seen: 4, holding: 0, held: 4, cleared: 2)
        #expect(stage.count("Delay", half, 61) == ["61.0: Delay/clear  > half \(told)"])
        let all = CoverageCounts(seen: 4, holding: 0, held: 4, cleared: 4)
        #expect(stage.count("Delay", all, 62).count == 1 && stage.run.endedAt == Stage.second(60))
        #expect(try Run(stored: stage.run.json) == stage.run)
    }

    @Test func `a fault that nobody held fails the run, one flush after its end`() throws {
        var stage = Stage([
            Stage.fault("Delay", 60, ifUnheld: "fail"), Stage.wait("After", 5, after: ["Delay"]),
        ])
        try stage.begin()
        stage.look(60)
        #expect(stage.run.status == .running && stage.run.awaitsCoverage.isEmpty)
        // Whoever looks late has not heard yet what was heard meanwhile.
        stage.look(100)
        #expect(stage.run.status == .running && stage.run.awaitsCoverage == ["Delay"])
        #expect(stage.run.nextDue == Stage.second(102))
        stage.look(102)
        #expect(stage.run.status == .failed && stage.run.action("Delay")?.status == .completed)
        #expect(stage.run.error == RunError(code: .invalidTarget, location: "Delay"))
        #expect(
            stage.run.reason
                == "Action Delay failed: no injector polled for \(Stage.arn("checkout")) while its fault was published."
        )
    }

    @Test func `a fault that all refused fails the run with the first reason that was given`() throws {
        for (given, told) in [("too much", "too much"), ("", "no reason was given.")] {
            var stage = Stage([Stage.fault("Delay", 60, ifUnheld: "fail")])
            try stage.begin()
            stage.count("Delay", CoverageCounts(seen: 1, refusal: given), 1)
            stage.count("Delay", CoverageCounts(seen: 2, refusal: "another"), 2)
            #expect(try Run(stored: stage.run.json) == stage.run)
            stage.look(60)
            stage.look(62)
            #expect(stage.run.status == .failed)
            #expect(
                stage.run.reason
                    == "Action Delay failed: no injector polled for \(Stage.arn("checkout")) that could inject its fault: \(told)"
            )
        }
    }

    @Test func `the last word may come until then`() throws {
        var stage = Stage([Stage.fault("Delay", 60, ifUnheld: "fail")])
        try stage.begin()
        stage.look(60)
        #expect(stage.run.status == .running && stage.run.nextDue == Stage.second(62))
        #expect(stage.run.awaitsCoverage == ["Delay"])
        let held = CoverageCounts(seen: 3, holding: 0, held: 1)
        #expect(stage.count("Delay", held, 61).count == 2)
        #expect(stage.run.status == .completed)
    }

    @Test(arguments: [("ifUnheld", "complete"), ("invocationPercentage", "0")])
    func `it is no failure where the template says so, or where there is no fault`(
        name: String,
        value: String
    ) throws {
        var stage = Stage([
            Stage.fault(
                "Delay",
                60,
                ifUnheld: name == "ifUnheld" ? value : "fail",
                parameters: [.init(name, value)]
            )
        ])
        try stage.begin()
        stage.look(60)
        #expect(stage.run.status == .completed)
    }

    @Test func `an armed fault begins for all when enough hold it, and runs its whole time`() throws {
        var stage = Stage([Stage.fault("Delay", 60, parameters: Self.arm)])
        try stage.begin()
        #expect(stage.states == ["Delay initiating"] && stage.published == ["Delay"])
        let armed = try #require(stage.run.faults(on: Stage.arn("checkout")).first)
        #expect(armed.notBefore > Stage.second(3_000))
        stage.count("Delay", Self.counts(5, of: 10), 3)
        #expect(stage.states == ["Delay initiating"] && stage.advanced.isEmpty)
        stage.count("Delay", Self.counts(6, of: 10), 4)
        #expect(stage.states == ["Delay running"] && stage.advanced == ["Delay"])
        let fired = try #require(stage.run.faults(on: Stage.arn("checkout")).first)
        #expect(fired.notBefore == Stage.second(5) && fired.notAfter == Stage.second(65))
        #expect(fired.id == armed.id && fired.notAfter < armed.notAfter)
        stage.look(65)
        #expect(stage.run.status == .completed && stage.published.isEmpty)
    }

    @Test func `an armed fault that too few hold in time never begins`() throws {
        var stage = Stage([Stage.fault("Delay", 60, parameters: Self.arm)])
        try stage.begin()
        stage.count("Delay", Self.counts(1, of: 10), 3)
        stage.look(20)
        #expect(stage.run.status == .failed && stage.published.isEmpty)
        #expect(
            stage.run.action("Delay")?.reason
                == "fewer than 60 % of the instances held the fault within 20 s; it never began."
        )
    }

    @Test func `a stop ends an armed fault as any other`() throws {
        var stage = Stage([Stage.fault("Delay", 60, parameters: Self.arm)])
        try stage.begin()
        stage.stop(.user, 5)
        #expect(stage.published.isEmpty && stage.states == ["Delay stopping"])
        stage.look(5)
        #expect(stage.run.status == .stopped)
    }
}
