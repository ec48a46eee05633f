import Base
import Store
import TestSupport
import Testing

@testable import ControlPlane

@Suite(.timeLimit(.minutes(10))) struct EventSealerTests {
    private func heads(_ seal: EventSeal) -> [String] {
        (seal.heads.elements ?? []).map { head in
            "\(head["experiment"]?.text?.suffix(2) ?? "") \(head["number"]?.whole ?? 0)"
        }
    }

    @Test func `where nothing happened there is nothing to seal`() async throws {
        try await History.lend { history in
            let metrics = RunMetrics()
            #expect(try await history.sealer(metrics: metrics).turn() == 0)
            #expect(try await history.seals() == [])
            try await history.run(1)
            #expect(try await history.sealer(metrics: metrics).turn() == 1)
            #expect(try await history.sealer(metrics: metrics).turn() == 0)
            #expect(try await history.seals().count == 1)
            var page = MetricsPage()
            metrics.add(to: &page)
            #expect(page.text.contains("\nfaultplane_event_seals_total 1\n"))
        }
    }

    @Test func `a seal covers the runs that grew since, and is linked to the one before it`() async throws {
        try await History.lend { history in
            let first = try await history.run(1)
            try await history.run(2, events: 1)
            try await history.sealer().turn()
            let before = try #require(try await history.row(first))
            try await history.grow(first)
            try await history.run(3, events: 2, ended: History.now)
            try await history.sealer().turn()
            let seals = try await history.seals()
            #expect(seals.map(\.number) == [1, 2])
            #expect(seals.map(heads) == [["01 3", "02 1"], ["01 4", "03 2"]])
            let head = try #require(try await history.row(first))
            #expect(seals.last?.heads[0]?["head"]?.text == Hex.encode(head.eventHead))
            #expect(head.revision == before.revision + 1, "sealing is no change of the run")
            var previous = SealChain.start
            for seal in seals {
                #expect(SealChain.isIntact(seal, after: previous))
                previous = seal.digest
            }
        }
    }

    @Test func `much at once takes several seals`() async throws {
        try await History.lend { history in
            for number in 1...7 { try await history.run(number, events: 1) }
            #expect(try await history.sealer(batch: 3).turn() == 3)
            let seals = try await history.seals()
            #expect(seals.map { heads($0).count } == [3, 3, 1])
            #expect(Set(seals.flatMap(heads)).count == 7)
        }
    }

    @Test func `of two nodes that seal at once each seal is written once, and the chain holds`() async throws
    {
        try await History.lend { history in
            for number in 1...40 { try await history.run(number, events: 1) }
            let written = try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<4 { group.addTask { try await history.sealer(batch: 2).turn() } }
                return try await group.reduce(0, +)
            }
            try await history.sealer(batch: 2).turn()
            let seals = try await history.seals()
            #expect(seals.map(\.number) == (1...20).map { Int64($0) })
            #expect(written > 0 && written <= 20)
            #expect(Set(seals.flatMap(heads)).count == 40)
            var previous = SealChain.start
            for seal in seals {
                #expect(SealChain.isIntact(seal, after: previous), "seal \(seal.number)")
                previous = seal.digest
            }
        }
    }

    @Test func `a run that somebody is changing is sealed and not waited for`() async throws {
        try await History.lend { history in
            let (held, free) = (try await history.run(1), try await history.run(2))
            let row = try #require(try await history.row(held))
            let state = Locked((isHeld: false, isReleased: false))
            let holder = Task {
                try await history.database.transaction { transaction throws(StoreError) in
                    _ = try transaction.experimentTag(History.context, row, tags: [:], at: History.now)
                    state.withLock { $0.isHeld = true }
                    state.announce()
                    state.waitUntil {
                        $0.isReleased
                    } then: { _ in
                    }
                }
            }
            #expect(state.wait(atMost: .seconds(20), until: { $0.isHeld }))
            #expect(try await history.sealer().turn() == 1)
            state.withLock { $0.isReleased = true }
            state.announce()
            try await holder.value
            #expect(try await history.sealer().turn() == 1)
            #expect(try await history.sealer().turn() == 0)
            let sealed = try await history.seals().map { $0.heads.elements?.map { $0["experiment"]?.text } }
            #expect(sealed == [[held, free], [held]])
        }
    }
}
