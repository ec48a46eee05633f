import Base
import Store
import TestSupport
import Testing

@Suite struct LeverTests {
    private func disengage(_ database: Database) async throws -> Lever {
        try await database.transaction { transaction throws(StoreError) in
            try transaction.leverDisengage(Given.context(), reason: "over", at: Given.now + .seconds(9))
        }
    }

    @Test func `it begins disengaged, and says that it was never touched`() async throws {
        try await Given.populated { database in
            let lever = try await database.statement { transaction throws(StoreError) in
                try transaction.leverRead()
            }
            #expect(lever.state == Runs.calm && lever.engagementID == nil && lever.changedAt == nil)
            #expect(lever.reason == "The lever has never been engaged.")
            #expect(try await disengage(database) == lever)
        }
    }

    @Test func `engaging raises the epoch once, and again changes nothing but the record`() async throws {
        try await withRun { database, _ in
            let lever = try await database.engage()
            #expect(lever.state == LeverState(status: "engaging", epoch: 2) && lever.reason == "drill")
            #expect(lever.engagementID == "ENG1" && lever.changedAt == Given.now)
            #expect(try await database.engage("ENG1", reason: "again") == lever)
            let audited = try await database.statement { transaction throws(StoreError) in
                try transaction.auditList(Given.context(), limit: 2)
            }
            #expect(audited.map(\.action) == ["lever.engaged-again", "lever.engaged"])
            #expect(
                audited.last?.details == ["epoch": 2, "reason": "drill", "engagementId": "ENG1"]
                    || audited.last?.details == ["reason": "drill", "epoch": 2, "engagementId": "ENG1"]
            )
        }
    }

    @Test func `it is engaged once nothing runs, and only then can be disengaged`() async throws {
        try await withRun { database, run in
            _ = try await database.engage()
            #expect(try await database.settleLever() == false)
            await #expect(throws: StoreError.refused(.leverEngaging)) { _ = try await disengage(database) }
            let end = ExperimentStep(state: Runs.state("stopped", ended: Given.now))
            #expect(try await database.advance(run, end))
            #expect(try await database.settleLever())
            let lever = try await disengage(database)
            #expect(lever.state == LeverState(status: "disengaged", epoch: 2) && lever.reason == "over")
            #expect(lever.engagementID == nil && lever.changedAt == Given.now + .seconds(9))
            #expect(try await database.engage("ENG2").state.epoch == 3)
            let ended: String = try await database.value(
                "SELECT disengaged_reason FROM lever_engagements WHERE id = 'ENG1'"
            )
            #expect(ended == "over")
        }
    }

    @Test func `engagements of several nodes stand together and end together`() async throws {
        try await Given.populated { database in
            let first = try await database.engage("ENG1", epoch: 7)
            #expect(first.state == LeverState(status: "engaging", epoch: 7))
            #expect(try await database.engage("ENG2", reason: "too", epoch: 5) == first)
            let higher = try await database.engage("ENG3", reason: "three", epoch: 9)
            #expect(higher.state.epoch == 9 && higher.engagementID == "ENG1" && higher.reason == "drill")
            #expect(try await database.settleLever())
            _ = try await disengage(database)
            for id in ["ENG1", "ENG2", "ENG3"] {
                #expect(try await database.engageIfNotOver(id, epoch: 20) == nil, "\(id)")
            }
            #expect(try await database.engage("ENG4", epoch: 3).state.epoch == 10)
        }
    }

    @Test func `a reading tells what became of engagements`() async throws {
        try await Given.populated { database in
            _ = try await database.engage()
            _ = try await database.settleLever()
            _ = try await disengage(database)
            _ = try await database.engage("ENG2")
            let read = try await database.statement { transaction throws(StoreError) in
                try transaction.documentChanges(since: .start, engagements: ["ENG1", "ENG2", "ENG3"])
            }
            #expect(read.engagements == ["ENG1": true, "ENG2": false])
            #expect(read.lever.engagementID == "ENG2" && read.lever.state.epoch == 3)
            let system: String = try await database.value(
                "SELECT system_identifier::text FROM pg_control_system()"
            )
            #expect(read.server.system == system && !read.server.startedAt.isEmpty)
        }
    }

    @Test func `the epoch cannot fall, whoever writes it`() async throws {
        try await Given.populated { database in
            _ = try await database.engage()
            await #expect(throws: StoreError.self) {
                try await database.run("UPDATE safety_lever SET epoch = 1")
            }
        }
    }
}
