import Base
import Store
import Testing

@testable import ControlPlane

/// Slots that open and close, what is counted in them, and how much is remembered.
@Suite struct TelemetryMemoryTests {
    private static let account = required(AccountID("000000000000"))
    private static let other = required(AccountID("222222222222"))
    private static let start = Instant(nanoseconds: 1_000_000_000_000)
    /// Two seconds before midnight (UTC), and not at the beginning of a slot.
    private static let late = Timestamp(seconds: 1_789_948_798)

    private static func report(
        _ sequence: Int64,
        _ instance: String = "i-1",
        target: String = "a",
        account: AccountID = account,
        invocations: Int64 = 1,
        injected: [String: Int64] = [:]
    ) -> TelemetryReport {
        TelemetryReport(
            target: TargetKey(account: account, target: target),
            instance: instance,
            since: nil,
            sequence: sequence,
            invocations: invocations,
            errors: 0,
            injected: injected,
            durations: DurationHistogram()
        )
    }

    /// Takes reports so many seconds after the start, by both clocks.
    private static func take(
        _ memory: inout TelemetryMemory,
        _ reports: [TelemetryReport],
        after seconds: Int = 0
    ) -> TelemetryCounts {
        memory.take(reports, at: start + .seconds(seconds), late + .seconds(seconds))
    }

    @Test func `a slot is five seconds, wherever midnight is`() throws {
        #expect(Self.late.slot == Timestamp(seconds: 1_789_948_795))
        #expect(Timestamp(nanoseconds: -1).slot == Timestamp(seconds: -5))
        var memory = TelemetryMemory()
        for second in 0..<7 {
            #expect(Self.take(&memory, [Self.report(Int64(second + 1))], after: second).taken == 1)
        }
        #expect(memory.closed.map(\.at.seconds) == [1_789_948_795])
        memory.close(at: Self.start + .seconds(20), Self.late + .seconds(20))
        #expect(memory.closed.map(\.at.seconds) == [1_789_948_795, 1_789_948_800])
        #expect(memory.closed.map { $0.samples.values.first?.invocations } == [2, 5])
        memory.close(at: Self.start + .seconds(30), Self.late + .seconds(30))
        #expect(memory.closed.count == 2, "where nothing was reported there is nothing")
    }

    @Test func `an instance counts once in a slot, and again in the next`() {
        var memory = TelemetryMemory()
        let reports = [Self.report(1), Self.report(2), Self.report(1, "i-2"), Self.report(1, target: "b")]
        #expect(Self.take(&memory, reports) == TelemetryCounts(taken: 4))
        #expect(Self.take(&memory, [Self.report(3)], after: 5) == TelemetryCounts(taken: 1))
        memory.close(at: Self.start, Self.late, isForced: true)
        let counts = memory.closed.map { slot in
            slot.samples.sorted { $0.key.target < $1.key.target }.map { $0.value.instances }
        }
        #expect(counts == [[2, 1], [1]])
    }

    @Test func `repeats change nothing, within one request too`() {
        var memory = TelemetryMemory()
        let reports = [Self.report(2), Self.report(2), Self.report(1)]
        #expect(Self.take(&memory, reports) == TelemetryCounts(taken: 2, repeated: 1))
        #expect(Self.take(&memory, reports, after: 60) == TelemetryCounts(repeated: 3))
        #expect(
            Self.take(&memory, [Self.report(100), Self.report(3)]) == TelemetryCounts(taken: 1, dropped: 1)
        )
        memory.close(at: Self.start, Self.late, isForced: true)
        #expect(memory.closed.map { $0.samples.values.map(\.invocations) } == [[2], [1]])
    }

    @Test func `a clock that stands still closes slots all the same, each under a number of its own`() {
        var memory = TelemetryMemory()
        for second in 0..<11 {
            _ = memory.take([Self.report(Int64(second + 1))], at: Self.start + .seconds(second), Self.late)
        }
        memory.close(at: Self.start + .seconds(15), Self.late)
        #expect(memory.closed.count == 3 && Set(memory.closed.map(\.at)).count == 1)
        #expect(Set(memory.closed.map(\.batch)).count == 3)
        #expect(memory.closed.map { $0.samples.values.first?.instances } == [1, 1, 1])
    }

    @Test func `a clock that is set ahead or back closes the slot`() {
        var memory = TelemetryMemory()
        for (number, moved) in [0, 86_400, -86_400].enumerated() {
            _ = memory.take([Self.report(Int64(number + 1))], at: Self.start, Self.late + .seconds(moved))
        }
        memory.close(at: Self.start, Self.late, isForced: true)
        #expect(memory.closed.map(\.at) == [0, 86_400, -86_400].map { (Self.late + .seconds($0)).slot })
    }

    @Test func `of what nobody writes the oldest is lost, and that is told once`() {
        var memory = TelemetryMemory(limits: .init(slots: 3, samples: 4))
        for slot in 0..<5 { _ = Self.take(&memory, [Self.report(Int64(slot + 1))], after: slot * 5) }
        let (lost, again) = (memory.takeLost(), memory.takeLost())
        #expect(memory.closed.count == 3 && lost == 1 && again == 0)
        let many = (1...3).map { Self.report(1, target: "t\($0)") }
        _ = Self.take(&memory, many, after: 30)
        memory.close(at: Self.start + .seconds(60), Self.late + .seconds(60))
        let more = memory.takeLost()
        #expect(memory.waitingCount == 4 && more == 3)
        memory.written(memory.closed[0].batch)
        #expect(memory.waitingCount == 3)
    }

    @Test func `there is room for so many instances and targets, of one account and of all`() {
        var memory = TelemetryMemory(
            instances: InstanceCensus(limit: 4, accountLimit: 3),
            targets: InstanceCensus(limit: 3, accountLimit: 2)
        )
        func taken(_ target: String, _ instance: String, _ account: AccountID = Self.account) -> Bool {
            Self.take(&memory, [Self.report(1, instance, target: target, account: account)]).taken == 1
        }
        #expect(taken("a", "1") && taken("b", "1"))
        #expect(!taken("c", "1"), "no third target of an account")
        #expect(taken("a", "2") && !taken("a", "3"), "no fourth instance")
        #expect(taken("a", "1", Self.other) && !taken("b", "1", Self.other), "no fifth of all")
        #expect(Self.take(&memory, [Self.report(2, "1")]).taken == 1, "who is known goes on")
        #expect(Self.take(&memory, [Self.report(1, "9")]) == TelemetryCounts(dropped: 1))
        for key in memory.known { memory.forget(key, unseenFor: .seconds(10), at: Self.start + .seconds(10)) }
        #expect(memory.known.isEmpty && memory.instanceCount == 0)
        #expect(taken("c", "1") && taken("d", "3"))
    }

    @Test func `only those are forgotten who said nothing for so long`() {
        var memory = TelemetryMemory()
        _ = Self.take(&memory, [Self.report(1, "old"), Self.report(1, "young")])
        _ = Self.take(&memory, [Self.report(2, "young")], after: 5)
        let key = TargetKey(account: Self.account, target: "a")
        memory.forget(key, unseenFor: .seconds(10), at: Self.start + .seconds(14))
        #expect(memory.instanceCount == 1)
        #expect(Self.take(&memory, [Self.report(2, "young")], after: 14).repeated == 1)
    }

    @Test func `made up faults cost no more than so much memory, and huge counts do not overflow`() throws {
        var memory = TelemetryMemory()
        for number in 1...300 {
            let report = Self.report(
                Int64(number + 1),
                invocations: .max,
                injected: ["EXP\(number)/A": .max, "EXP0/A": .max]
            )
            #expect(Self.take(&memory, [report]).taken == 1)
        }
        memory.close(at: Self.start, Self.late, isForced: true)
        let sample = try #require(memory.closed.first?.samples.values.first)
        #expect(
            sample.injected.count == 200 && sample.injected["EXP0/A"] == .max && sample.invocations == .max
        )
    }

    @Test func `what is not written yet is there for who asks, with its numbers`() {
        var memory = TelemetryMemory()
        _ = Self.take(&memory, [Self.report(1), Self.report(1, target: "b")])
        _ = Self.take(&memory, [Self.report(2)], after: 10)
        let (a, b) = (
            TargetKey(account: Self.account, target: "a"), TargetKey(account: Self.account, target: "b")
        )
        let all = memory.unwritten(of: [a, b], since: Self.late + .seconds(-60))
        #expect(all.batches.count == 2 && all.samples.count == 3)
        let late = memory.unwritten(of: [a, b], since: Self.late.slot + .seconds(5))
        #expect(late.batches.count == 1 && late.samples.map(\.target) == ["a"])
        let stranger = TargetKey(account: Self.other, target: "a")
        #expect(memory.unwritten(of: [stranger], since: Self.late + .seconds(-60)).samples.isEmpty)
    }
}
