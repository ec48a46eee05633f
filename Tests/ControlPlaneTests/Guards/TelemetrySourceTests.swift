import Base
import Experiments
import Store
import TestSupport
import Testing

@testable import ControlPlane

/// What is read of the injectors' own figures: from the database, from this node's memory, and never twice.
@Suite(.timeLimit(.minutes(10))) struct TelemetrySourceTests {
    /// A node's telemetry beside a database.
    private struct Bench: Sendable {
        let database: Database
        let time = DeploymentTime(clock: .system)
        let telemetry: Telemetry
        let keeper: TelemetryKeeper
        let source: TelemetrySource

        init(_ history: History) {
            database = history.database
            let door = DatabaseDoor()
            door.open(database)
            telemetry = Telemetry(time: time, clock: .system)
            keeper = TelemetryKeeper(
                telemetry: telemetry,
                database: database,
                node: "a",
                time: time,
                log: .quiet
            )
            source = TelemetrySource(telemetry: telemetry, database: door, time: time, clock: .system)
        }

        func report(
            _ sequence: Int64,
            invocations: Int64,
            errors: Int64 = 0,
            target: String = "a",
            account: AccountID = History.account
        ) {
            let report = TelemetryReport(
                target: TargetKey(account: account, target: target),
                instance: "i",
                since: nil,
                sequence: sequence,
                invocations: invocations,
                errors: errors,
                injected: [:],
                durations: DurationHistogram()
            )
            #expect(telemetry.take([report]).taken == 1)
        }

        func read(_ inquiries: [Inquiry], within limit: Duration = .seconds(20)) async -> [Inquiry: Reading] {
            let answers = Locked<[Inquiry: Reading]>([:])
            await source.read(inquiries, by: .now + limit) { inquiry, reading in
                answers.withLock {
                    #expect($0[inquiry] == nil, "answered twice")
                    $0[inquiry] = reading
                }
            }
            return answers.withLock { $0 }
        }

        func read(_ text: String, _ targets: [String] = ["a"]) async throws -> Reading {
            let inquiry = try inquiry(text, targets)
            return try #require(await read([inquiry])[inquiry])
        }
    }

    private static func inquiry(
        _ text: String,
        _ targets: [String] = ["a"],
        account: AccountID = History.account
    ) throws -> Inquiry {
        let question = Question.telemetry(try TelemetryQuestion(text))
        return Inquiry(question, scope: .init(account: account, targets: targets))
    }

    private func withBench(_ body: @Sendable (Bench) async throws -> Void) async throws {
        try await History.lend { history in try await body(Bench(history)) }
    }

    @Test func `what is not written yet is read, and counts once when it is`() async throws {
        try await withBench { bench in
            let none = try await bench.read("telemetry: errorRate > 0.2")
            #expect(none.finding == .clear && none.value == "no invocations" && none.threshold == "> 0.2")
            bench.report(1, invocations: 100, errors: 31)
            let fresh = try await bench.read("telemetry: errorRate > 0.2")
            #expect(fresh.finding == .breached && fresh.value == "0.31" && fresh.latency > .zero)
            try await bench.keeper.turn(isLast: true)
            #expect(try await bench.read("telemetry: invocations == 100").finding == .breached)
            bench.report(2, invocations: 100)
            #expect(try await bench.read("telemetry: invocations == 200").finding == .breached)
            try await bench.keeper.turn(isLast: true)
            #expect(try await bench.read("telemetry: invocations == 200").finding == .breached)
        }
    }

    @Test func `what is written and not yet known to be counts once`() async throws {
        try await withBench { bench in
            bench.report(1, invocations: 100)
            _ = bench.telemetry.next(isForced: true)
            try await bench.keeper.makeDays()
            let slot = try #require(bench.telemetry.next())
            _ = try await bench.database.statement { transaction throws(StoreError) in
                try transaction.telemetryWrite(Array(slot.samples.values), node: "a")
            }
            #expect(try await bench.read("telemetry: invocations == 100").finding == .breached)
        }
    }

    @Test func `all questions are answered by one statement, each for its own account and targets`()
        async throws
    {
        try await withBench { bench in
            bench.report(1, invocations: 1)
            bench.report(1, invocations: 2, target: "b")
            try await bench.keeper.turn(isLast: true)
            bench.report(1, invocations: 4, target: "c")
            let other = try #require(AccountID("222222222222"))
            let asked = try (1...200).flatMap { number in
                [
                    try Self.inquiry("telemetry: invocations > \(number)", ["a", "b", "c"]),
                    try Self.inquiry("telemetry: invocations > \(number)", ["a"], account: other),
                ]
            }
            let unasked = Inquiry(.telemetry(TelemetryQuestion(metric: .errors)), scope: nil)
            let answers = await bench.read(asked + [unasked])
            #expect(answers.count == 401)
            for inquiry in asked {
                let isOurs = inquiry.scope?.account == History.account
                #expect(answers[inquiry]?.value == (isOurs ? "7" : "0"))
            }
            #expect(answers[unasked]?.finding == .unreadable)
            #expect(answers[unasked]?.value == "there is no target whose telemetry could be read")
        }
    }

    @Test func `where the database is away nothing can be read`() async throws {
        try await withBench { bench in
            bench.report(1, invocations: 100, errors: 100)
            try await bench.database.withNobodyLetIn {
                let reading = try await bench.read("telemetry: errorRate > 0.2")
                #expect(reading.finding == .unreadable)
                #expect(reading.value.hasPrefix("telemetry cannot be read: "))
            }
        }
    }

    @Test func `a statement that hangs is given up by the deadline`() async throws {
        try await withBench { bench in
            let inquiry = try Self.inquiry("telemetry: errorRate > 0.2")
            try await bench.database.withTableLocked("telemetry_samples") {
                let begun = Instant.now
                let answers = await bench.read([inquiry], within: .milliseconds(200))
                #expect(answers[inquiry]?.finding == .unreadable)
                #expect(Instant.now - begun < .seconds(5))
            }
        }
    }
}

/// How figures answer a question, as a table.
@Suite struct TelemetryReadingTests {
    private struct Row: Sendable, CustomTestStringConvertible {
        let text: String
        let sum: TelemetrySum
        let finding: Reading.Finding
        let value: String
        var threshold = ""

        var testDescription: String { "\(text): \(value)" }
    }

    private static func sum(
        _ invocations: Int64,
        _ errors: Int64 = 0,
        injections: Int64 = 0,
        _ milliseconds: [Int] = []
    ) -> TelemetrySum {
        var sum = TelemetrySum()
        (sum.invocations, sum.errors, sum.injections) = (invocations, errors, injections)
        for duration in milliseconds { sum.durations.add(.milliseconds(duration)) }
        return sum
    }

    private static let rows: [Row] = [
        Row(
            text: "errorRate > 0.2",
            sum: sum(0),
            finding: .clear,
            value: "no invocations",
            threshold: "> 0.2"
        ),
        Row(text: "errorRate > 0.2", sum: sum(10, 2), finding: .clear, value: "0.2", threshold: "> 0.2"),
        Row(text: "errorRate > 0.2", sum: sum(3, 1), finding: .breached, value: "0.333", threshold: "> 0.2"),
        Row(
            text: "errorRate > 20%",
            sum: sum(10_000, 2_001),
            finding: .breached,
            value: "0.2001",
            threshold: "> 0.2"
        ),
        Row(text: "errorRate >= 1", sum: sum(10, 10), finding: .breached, value: "1", threshold: ">= 1"),
        Row(
            text: "errorRate > 0",
            sum: sum(1_000_000_000, 1),
            finding: .breached,
            value: "1e-09",
            threshold: "> 0"
        ),
        Row(
            text: "errorRate > 0.2 minInvocations 50",
            sum: sum(12, 12),
            finding: .unreadable,
            value: "12 invocations, fewer than 50"
        ),
        Row(
            text: "errorRate > 0.2 minInvocations 2",
            sum: sum(1, 1),
            finding: .unreadable,
            value: "1 invocation, fewer than 2"
        ),
        Row(
            text: "errorRate > 0.2 minInvocations 50",
            sum: sum(0),
            finding: .unreadable,
            value: "0 invocations, fewer than 50"
        ),
        Row(
            text: "errorRate > 0.2 minInvocations 50",
            sum: sum(50, 50),
            finding: .breached,
            value: "1",
            threshold: "> 0.2"
        ),
        Row(
            text: "p99 >= 800ms",
            sum: sum(1, 0, [800]),
            finding: .breached,
            value: "861 ms",
            threshold: ">= 800 ms"
        ),
        Row(
            text: "p99 >= 1.5s",
            sum: sum(1, 0, [800]),
            finding: .clear,
            value: "861 ms",
            threshold: ">= 1500 ms"
        ),
        Row(text: "p50 > 5", sum: sum(0), finding: .clear, value: "no invocations", threshold: "> 5 ms"),
        Row(
            text: "p50 > 5",
            sum: sum(3),
            finding: .unreadable,
            value: "3 invocations were reported without their durations"
        ),
        Row(text: "invocations < 10", sum: sum(0), finding: .breached, value: "0", threshold: "< 10"),
        Row(text: "errors > 3", sum: sum(9, 4), finding: .breached, value: "4", threshold: "> 3"),
        Row(
            text: "injected == 0",
            sum: sum(9, injections: 0),
            finding: .breached,
            value: "0",
            threshold: "== 0"
        ),
        Row(
            text: "injected > 1000000",
            sum: sum(9, injections: 1_000_001),
            finding: .breached,
            value: "1000001",
            threshold: "> 1000000"
        ),
    ]

    @Test(arguments: rows) private func `a question is answered`(_ row: Row) throws {
        let question = try TelemetryQuestion("telemetry: " + row.text)
        let expected = Reading(row.finding, row.value, threshold: row.threshold, latency: .seconds(1))
        #expect(question.reading(of: row.sum, latency: .seconds(1)) == expected)
    }

    private static let tolerances: [(Tolerance, Reading.Finding, String)] = [
        (Tolerance(min: 0.1, max: 0.5), .clear, "from 0.1 to 0.5"),
        (Tolerance(min: 0.4), .breached, "at least 0.4"), (Tolerance(max: 0.2), .breached, "at most 0.2"),
        (Tolerance(), .clear, ""),
    ]

    @Test(arguments: tolerances)
    func `a probe's tolerance decides where there is no comparison`(
        _ tolerance: Tolerance,
        _ finding: Reading.Finding,
        _ threshold: String
    ) {
        let question = TelemetryQuestion(metric: .errorRate, tolerance: tolerance)
        let reading = question.reading(of: Self.sum(10, 3), latency: .zero)
        #expect(reading == Reading(finding, "0.3", threshold: threshold, latency: .zero))
    }
}
