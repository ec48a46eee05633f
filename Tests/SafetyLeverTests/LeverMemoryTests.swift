import SafetyLever
import Testing

@Suite struct LeverMemoryTests {
    private static let calm = LeverRecord(status: .disengaged, epoch: 1)

    static func latch(_ id: String, epoch: Int64 = 0) -> Latch {
        Latch(id: id, epoch: epoch, reason: "drill", by: "somebody", engagedAt: 7)
    }

    private func engaged(_ id: String, _ epoch: Int64) -> LeverRecord {
        LeverRecord(status: .engaging, epoch: epoch, engagementID: id, reason: "drill", since: 7)
    }

    @Test func engagingNeedsNoDatabase() {
        var memory = LeverMemory(epoch: 4)
        #expect(!memory.isEngaged)
        let made = memory.engage(Self.latch("A"))
        #expect(made == Self.latch("A", epoch: 5))
        #expect(memory.isEngaged && memory.epoch == 5 && memory.unrecorded == [made])
    }

    @Test func engagingAgainKeepsTheEngagement() {
        var memory = LeverMemory()
        let first = memory.engage(Self.latch("A"))
        #expect(memory.engage(Self.latch("B")) == first)
        #expect(memory.epoch == 1 && memory.latches == [first])
    }

    @Test func whoeverEngagesAgainLeavesSomethingThatTheDatabaseHasNotHeardOf() {
        var memory = LeverMemory()
        _ = memory.read(engaged("A", 2), engagements: [:])
        let again = memory.engage(Self.latch("B"))
        #expect(again.id == "B" && again.epoch == 2 && memory.standing?.id == "A")
        // A was over already, and this node did not know.
        _ = memory.read(LeverRecord(status: .disengaged, epoch: 2), engagements: ["A": true])
        #expect(memory.isEngaged && memory.epoch == 3 && memory.unrecorded.map(\.id) == ["B"])
    }

    @Test func whatIsRecordedUnderAnotherNeedsNoLatchOfItsOwn() {
        var memory = LeverMemory()
        _ = memory.read(engaged("A", 2), engagements: [:])
        _ = memory.engage(Self.latch("B"))
        #expect(memory.recorded("B", epoch: 2, under: "A") == LeverMemory.Change(latches: true))
        #expect(memory.latches.map(\.id) == ["A"] && memory.isEngaged)
    }

    @Test func aHaltThatWasOverLeavesTheEpochAhead() {
        var memory = LeverMemory()
        _ = memory.read(LeverRecord(status: .disengaged, epoch: 2), engagements: [:])
        #expect(memory.told(Self.latch("A", epoch: 2)).everyDocument && memory.epoch == 3)
        #expect(!memory.isAhead)
        #expect(memory.over("A") == LeverMemory.Change(everyDocument: true, latches: true))
        #expect(!memory.isEngaged && memory.epoch == 3 && memory.isAhead)
        _ = memory.read(LeverRecord(status: .disengaged, epoch: 3), engagements: [:])
        #expect(!memory.isAhead)
    }

    @Test func aRowThatSaysOnlyDisengagedClearsNothing() {
        var memory = LeverMemory()
        _ = memory.read(Self.calm, engagements: [:])
        _ = memory.engage(Self.latch("A"))
        #expect(memory.read(Self.calm, engagements: [:]) == LeverMemory.Change())
        #expect(memory.isEngaged)
        let over = memory.read(LeverRecord(status: .disengaged, epoch: 2), engagements: ["A": true])
        #expect(over == LeverMemory.Change(everyDocument: true, latches: true))
        #expect(!memory.isEngaged && memory.epoch == 2)
    }

    @Test func standsInAnEpochOfItsOwn() {
        var memory = LeverMemory()
        _ = memory.read(Self.calm, engagements: [:])
        _ = memory.engage(Self.latch("A"))
        // Others used epoch 2 meanwhile: runs were started in it.
        let change = memory.read(LeverRecord(status: .disengaged, epoch: 2), engagements: [:])
        #expect(change.everyDocument && memory.epoch == 3 && memory.isEngaged)
        #expect(memory.recorded("A", epoch: 3) == LeverMemory.Change(latches: true))
        #expect(memory.unrecorded.isEmpty)
    }

    @Test func whatIsReadIsLatched() {
        var memory = LeverMemory()
        _ = memory.read(Self.calm, engagements: [:])
        #expect(
            memory.read(engaged("A", 2), engagements: [:])
                == LeverMemory.Change(everyDocument: true, latches: true)
        )
        #expect(memory.standing?.id == "A" && memory.unrecorded.isEmpty)
        // A reading that began earlier comes in later.
        #expect(memory.read(Self.calm, engagements: [:]) == LeverMemory.Change())
        #expect(memory.isEngaged && memory.epoch == 2)
    }

    @Test func aLateMessageEngagesNothingAgain() {
        var memory = LeverMemory()
        _ = memory.read(engaged("A", 2), engagements: ["A": false])
        _ = memory.read(LeverRecord(status: .disengaged, epoch: 2), engagements: ["A": true])
        #expect(memory.told(Self.latch("A", epoch: 2)) == LeverMemory.Change())
        #expect(!memory.isEngaged)
    }

    @Test func aPeerIsBelievedInAnEpochAboveOurs() {
        var memory = LeverMemory()
        _ = memory.read(LeverRecord(status: .disengaged, epoch: 5), engagements: [:])
        // It was cut off and has not heard that epochs 2 to 5 are used.
        #expect(memory.told(Self.latch("A", epoch: 2)).everyDocument)
        #expect(memory.epoch == 6 && memory.isEngaged)
        #expect(memory.told(Self.latch("A", epoch: 9)).everyDocument && memory.epoch == 9)
    }

    @Test func aDatabaseThatWentBackIsAnEngagement() {
        var memory = LeverMemory()
        _ = memory.read(LeverRecord(status: .disengaged, epoch: 5), engagements: [:])
        let change = memory.databaseWentBack(to: LeverRecord(status: .disengaged, epoch: 3), Self.latch("R"))
        #expect(change == LeverMemory.Change(everyDocument: true, latches: true))
        #expect(memory.isEngaged && memory.epoch == 6 && memory.unrecorded.map(\.id) == ["R"])
        // What it says now counts, low as it is.
        _ = memory.read(engaged("R", 6), engagements: ["R": false])
        _ = memory.read(LeverRecord(status: .disengaged, epoch: 6), engagements: ["R": true])
        #expect(!memory.isEngaged && memory.epoch == 6)
    }

    @Test func theDiskBringsItBack() {
        let memory = LeverMemory(latches: [Self.latch("A", epoch: 8)], epoch: 3)
        #expect(memory.isEngaged && memory.epoch == 8)
    }
}
