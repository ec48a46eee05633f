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
            #expect(try await database.engage("ENG2", reason: "again") == lever)
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

    @Test func `the epoch cannot fall, whoever writes it`() async throws {
        try await Given.populated { database in
            _ = try await database.engage()
            await #expect(throws: StoreError.self) {
                try await database.run("UPDATE safety_lever SET epoch = 1")
            }
        }
    }
}
