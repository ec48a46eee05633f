import Base
import Testing

@testable import FaultClient

/// What an instance did is told exactly once, however often it is sent.
@Suite struct TelemetryLedgerTests {
    private static let since = Timestamp(seconds: 1_790_000_000.5)

    private func ledger() -> TelemetryLedger {
        TelemetryLedger(target: "checkout", instance: "i-1", since: Self.since)
    }

    private func sent(_ ledger: inout TelemetryLedger) -> TelemetryReport? { ledger.report() }

    private func next(_ ledger: inout TelemetryLedger) throws -> TelemetryReport {
        let report = ledger.report()
        return try #require(report)
    }

    @Test func `nothing happened, nothing is told`() {
        var ledger = ledger()
        #expect(sent(&ledger) == nil)
        ledger.count()
        #expect(sent(&ledger) != nil)
        ledger.settled(1)
        #expect(sent(&ledger) == nil)
    }

    @Test func `a report stays as it is until it is answered, and the next has what came meanwhile`() throws {
        var ledger = ledger()
        ledger.count(duration: .milliseconds(2), isError: true, injected: ["EXP1/A", "EXP1/B"])
        ledger.count(duration: .milliseconds(2), injected: ["EXP1/A"])
        let first = try next(&ledger)
        ledger.count()
        #expect(sent(&ledger) == first)
        ledger.settled(7)
        #expect(sent(&ledger) == first, "the answer to another report says nothing of this one")
        ledger.settled(1)
        let second = try next(&ledger)
        ledger.settled(1)
        #expect(sent(&ledger) == second, "a late answer to the one before neither")
        let expected: JSON = [
            "target": "checkout", "instance": "i-1", "sequence": 1, "since": .number(1_790_000_000.5),
            "invocations": 2, "errors": 1, "injected": ["EXP1/A": 2, "EXP1/B": 1], "durations": ["4": 2],
        ]
        #expect(first.json == expected)
        #expect(second.sequence == 2 && second.figures.invocations == 1 && second.figures.durations.isEmpty)
    }

    @Test func `more faults than the server takes are not told apart, and cost no memory`() throws {
        var ledger = ledger()
        for number in 0..<500 { ledger.count(injected: ["EXP\(number)/A"]) }
        ledger.count(injected: ["EXP7/A"])
        let report = try next(&ledger)
        #expect(report.figures.invocations == 501 && report.figures.injected.count == 100)
        #expect(report.figures.injected["EXP7/A"] == 2)
    }
}
