import Base
import Store
import TestSupport
import Testing

@Suite struct FaultDocumentsTests {
    private static func pair(_ action: String, _ qualifier: JSON = .null) -> JSON {
        [qualifier, ["id": .string(action)]]
    }

    @Test func `a target nobody published to has the empty document`() async throws {
        try await Given.populated { database in
            let document = try await database.document()
            #expect(document.lever.state == Runs.calm && document.change == 0 && document.epoch == 0)
            #expect(document.faults == [])
        }
    }

    @Test func `changes are read once each, however late and in whatever order they are committed`()
        async throws
    {
        try await withRun { database, run in
            #expect(
                try await database.start(Runs.new(Runs.id(2), token: "2"))
                    == .started(accountConfigurations: [])
            )
            let other = try #require(try await database.experiment(Runs.id(2)))
            func publish(_ run: Experiment, to target: String) -> ExperimentStep {
                ExperimentStep(state: Runs.state(), published: [Runs.fault(target: target)])
            }
            func read(_ mark: DocumentMark) async throws -> (targets: [String], mark: DocumentMark) {
                let changes = try await database.statement { transaction throws(StoreError) in
                    try transaction.documentChanges(since: mark)
                }
                #expect(changes.lever.state == Runs.calm)
                return (changes.documents.map(\.target).sorted(), changes.mark)
            }
            let first = try await read(.start)
            #expect(first.targets == [])
            let (isWritten, mayCommit) = (Locked(false), Locked(false))
            let early = publish(run, to: "early")
            async let slow: Void = database.transaction { transaction throws(StoreError) in
                _ = try transaction.experimentAdvance(run, term: nil, early)
                isWritten.withLock { $0 = true }
                isWritten.announce()
                _ = mayCommit.wait(atMost: .seconds(20)) { $0 }
            }
            try await onThread { _ = isWritten.wait(atMost: .seconds(20)) { $0 } }
            #expect(try await database.advance(other, publish(other, to: "late")))
            let second = try await read(first.mark)
            #expect(second.targets == ["late"], "what is not committed keeps nothing else back")
            #expect(try await read(second.mark).targets == ["late"], "and the mark stays before it")
            mayCommit.withLock { $0 = true }
            mayCommit.announce()
            try await slow
            let third = try await read(second.mark)
            #expect(third.targets == ["early", "late"])
            // Whatever else runs on this server may keep the mark back for a while.
            let isOver = try await holds(within: .seconds(20)) {
                try await read(try await read(third.mark).mark).targets == []
            }
            #expect(isOver)
        }
    }

    @Test func `publishing and clearing raise the number, and nothing else does`() async throws {
        try await withRun { database, run in
            let faults = [Runs.fault("Delay"), Runs.fault("Fail", qualifier: "prod")]
            #expect(try await database.advance(run, ExperimentStep(state: Runs.state(), published: faults)))
            let published = try await database.document()
            #expect(published.change == 1 && published.epoch == 1)
            #expect(published.faults == [Self.pair("Delay"), Self.pair("Fail", "prod")])
            #expect(try await database.document(Runs.target + "2").change == 0)
            #expect(try await database.document(Runs.target, Given.second).change == 0)

            let second = try #require(try await database.experiment())
            #expect(try await database.advance(second, ExperimentStep(state: Runs.state())))
            #expect(try await database.document().change == 1)
            let third = try #require(try await database.experiment())
            #expect(
                try await database.advance(third, ExperimentStep(state: Runs.state(), cleared: ["Delay"]))
            )
            let cleared = try await database.document()
            #expect(cleared.change == 2 && cleared.faults == [Self.pair("Fail", "prod")])
        }
    }

    @Test func `of two who publish to one target at once the second sees what the first did`() async throws {
        try await Given.populated { database in
            try await database.makeTemplate()
            let runs = 6
            for number in 1...runs {
                try #require(
                    try await database.start(Runs.new(Runs.id(number), token: "\(number)"))
                        == .started(accountConfigurations: [])
                )
            }
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 1...runs {
                    let run = try #require(try await database.experiment(Runs.id(number)))
                    group.addTask {
                        // Also a second target, in another order for every other run: nobody waits in a circle.
                        let targets = [Runs.target, Runs.target + "-2"]
                        let faults = (number.isMultiple(of: 2) ? targets : targets.reversed()).map {
                            Runs.fault("Delay\(number)", target: $0)
                        }
                        let step = ExperimentStep(state: Runs.state(), published: faults)
                        let isPublished = try await database.advance(run, step)
                        #expect(isPublished)
                    }
                }
                try await group.waitForAll()
            }
            for target in [Runs.target, Runs.target + "-2"] {
                let document = try await database.document(target)
                #expect(document.change == Int64(runs))
                #expect(document.faults.elements?.count == runs)
            }
        }
    }

    @Test func `nothing is published once the lever is engaged, and older faults are of an older epoch`()
        async throws
    {
        try await withRun { database, run in
            #expect(
                try await database.advance(
                    run,
                    ExperimentStep(state: Runs.state(), published: [Runs.fault()])
                )
            )
            #expect(try await database.engage().state == LeverState(status: "engaging", epoch: 2))
            let document = try await database.document()
            #expect(document.epoch == 1 && document.lever.state == LeverState(status: "engaging", epoch: 2))
            let running = try #require(try await database.experiment())
            let more = ExperimentStep(state: Runs.state(), published: [Runs.fault("More")])
            #expect(try await database.advance(running, more) == false)
            #expect(
                try await database.advance(
                    running,
                    ExperimentStep(state: Runs.state("stopping"), cleared: ["Delay"])
                )
            )
            #expect(try await database.document().faults == [])
        }
    }

    @Test func `a published fault cannot be changed in place`() async throws {
        try await withRun { database, run in
            let step = ExperimentStep(state: Runs.state(), published: [Runs.fault()])
            let isPublished = try await database.advance(run, step)
            #expect(isPublished)
            for statement: Query in ["UPDATE faults SET epoch = 2", "TRUNCATE faults"] {
                await #expect(throws: StoreError.self) { try await database.run(statement) }
            }
        }
    }
}
