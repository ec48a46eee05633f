import Base
import Store
import TestSupport
import Testing

@Suite struct SealsTests {
    private static let head = SealedHead(experiment: Runs.id, number: 1, digest: Runs.event(1).digest)

    private func seal(_ number: Int64, _ heads: [SealedHead] = [head]) -> EventSeal {
        EventSeal(number: number, at: Given.now, heads: heads) { covered in Hash.sha256(covered) }
    }

    private func append(_ database: Database, _ seal: EventSeal) async throws -> Bool {
        try await database.statement { transaction throws(StoreError) in try transaction.sealAppend(seal) }
    }

    private func ground(_ database: Database) async throws -> SealGround {
        try await database.transaction(.snapshot) { transaction throws(StoreError) in
            try transaction.sealGround(limit: 10)
        }
    }

    private func seals(_ database: Database) async throws -> [EventSeal] {
        try await database.statement { transaction throws(StoreError) in
            try transaction.sealList(after: 0, limit: 10)
        }
    }

    @Test func `only the next seal is written, and once`() async throws {
        try await withRun { database, _ in
            #expect(try await append(database, seal(2)) == false)
            #expect(try await seals(database) == [])
            #expect(try await append(database, seal(1)))
            #expect(try await append(database, seal(1)) == false)
            #expect(try await append(database, seal(3)) == false)
            #expect(try await append(database, seal(2, [])))
            let kept = try await seals(database)
            #expect(kept == [seal(1), seal(2, [])], "as it was written, to the microsecond")
            #expect(kept.map(\.digest) == kept.map { Hash.sha256($0.covered) })
        }
    }

    @Test func `a run is to be sealed until it was, and again when it grows`() async throws {
        try await withRun { database, run in
            let before = try await ground(database)
            #expect(before.number == 0 && before.digest == [] && before.heads == [Self.head])
            #expect(try await append(database, seal(1)))
            let after = try await ground(database)
            #expect(after.number == 1 && after.digest == seal(1).digest && after.heads == [])
            let step = ExperimentStep(state: Runs.state("running", events: [Runs.event(2)]))
            #expect(try await database.advance(run, step), "sealing is no change of the run")
            let grown = try await ground(database)
            let head = SealedHead(experiment: Runs.id, number: 2, digest: Runs.event(2).digest)
            #expect(grown.heads == [head])
        }
    }

    @Test func `a run says which seal it is in`() async throws {
        try await withRun { database, _ in
            func named() async throws -> Int64? {
                try await database.statement { transaction throws(StoreError) in
                    try transaction.sealNewestNamed()
                }
            }
            let before = try await named()
            #expect(before == nil)
            #expect(try await append(database, seal(1)))
            #expect(try await named() == 1)
        }
    }

    @Test func `a head that is not its event's digest is found, and one of a run that is gone is not`()
        async throws
    {
        try await withRun { database, _ in
            let wrong = SealedHead(experiment: Runs.id, number: 1, digest: Runs.event(7).digest)
            let missing = SealedHead(experiment: Runs.id, number: 9, digest: Runs.event(9).digest)
            let gone = SealedHead(experiment: Runs.id(5), number: 1, digest: Runs.event(1).digest)
            let all = [seal(1, [wrong, Self.head]), seal(2, [missing, gone])]
            for seal in all { #expect(try await append(database, seal)) }
            func broken(_ seals: [EventSeal]) async throws -> [BrokenHead] {
                try await database.statement { transaction throws(StoreError) in
                    try transaction.sealBrokenHeads(of: seals)
                }
            }
            let found = try await broken(all)
            #expect(
                found.map { "\($0.experiment) \($0.number) \($0.isMissing)" } == [
                    "\(Runs.id) 1 false", "\(Runs.id) 9 true",
                ]
            )
            #expect(try await broken([seal(2, [])]).map(\.number) == [9])
            #expect(try await broken([]) == [])
        }
    }
}
