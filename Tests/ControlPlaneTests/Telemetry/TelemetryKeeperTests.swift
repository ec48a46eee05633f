import Base
import Store
import TestSupport
import Testing

@testable import ControlPlane

/// What was reported is written once, whatever the database does meanwhile, and to days that are there.
@Suite(.timeLimit(.minutes(10))) struct TelemetryKeeperTests {
    /// A node's telemetry with clocks that the test moves.
    private struct Bench: Sendable {
        let database: Database
        let url: String
        let moment = Locked(Instant(nanoseconds: 1_000_000_000_000))
        let clock: Base.Clock
        let time: DeploymentTime
        let telemetry: Telemetry
        let keeper: TelemetryKeeper
        let log = MemoryLog()

        init(_ history: History, at wall: Timestamp, limits: TelemetryMemory.Limits = .init()) {
            let moment = moment
            (database, url) = (history.database, history.url)
            clock = Base.Clock(now: { moment.withLock { $0 } }, wall: { wall })
            time = DeploymentTime(clock: clock)
            time.heard(wall, asked: clock.now(), answered: clock.now())
            telemetry = Telemetry(time: time, clock: clock, memory: TelemetryMemory(limits: limits))
            keeper = TelemetryKeeper(
                telemetry: telemetry,
                database: database,
                node: "a",
                time: time,
                log: Logger(sink: log, minimum: .debug)
            )
        }

        func pass(_ duration: Duration) { moment.withLock { $0 = $0 + duration } }

        func report(_ sequence: Int64, _ invocations: Int64 = 1, target: String = Sample.arn) {
            let report = TelemetryReport(
                target: TargetKey(account: History.account, target: target),
                instance: "i-1",
                since: nil,
                sequence: sequence,
                invocations: invocations,
                errors: 0,
                injected: [:],
                durations: DurationHistogram()
            )
            #expect(telemetry.take([report]).taken == 1)
        }

        func written(from: Timestamp) async throws -> [Int64] {
            try await database.statement { transaction throws(StoreError) in
                try transaction.telemetrySeries(
                    History.context,
                    TelemetrySeries(
                        target: Sample.arn,
                        experiment: nil,
                        from: from.slot,
                        to: from + .seconds(3_600),
                        step: .seconds(5)
                    )
                )
            }.map(\.sum.invocations)
        }

        func days() async throws -> [String] {
            try await database.statement { transaction throws(StoreError) in try transaction.telemetryDays() }
                .map(\.name)
        }
    }

    /// Seven seconds before midnight (UTC).
    private static let late = Timestamp(seconds: 1_789_948_793)

    private func withBench(
        limits: TelemetryMemory.Limits = .init(),
        _ body: @Sendable (Bench) async throws -> Void
    ) async throws {
        try await History.lend { history in try await body(Bench(history, at: Self.late, limits: limits)) }
    }

    @Test func `five seconds are written when they are over, also across midnight`() async throws {
        try await withBench { bench in
            try await bench.keeper.makeDays()
            #expect(try await bench.days() == ["2026-09-20", "2026-09-21", "2026-09-22"])
            for second in 0..<12 {
                bench.report(Int64(second + 1))
                try await bench.keeper.turn()
                bench.pass(.seconds(1))
            }
            #expect(try await bench.written(from: Self.late) == [2, 5])
            try await bench.keeper.turn(isLast: true)
            #expect(try await bench.written(from: Self.late) == [2, 5, 5])
            #expect(try await bench.days().count == 3)
        }
    }

    @Test func `what cannot be written is tried again, and then there once`() async throws {
        try await withBench { bench in
            bench.report(1, 7)
            bench.pass(.seconds(5))
            try await bench.database.withNobodyLetIn {
                await #expect(throws: StoreError.self) { try await bench.keeper.turn() }
                bench.report(2, 9)
            }
            bench.pass(.seconds(5))
            try await bench.keeper.turn()
            #expect(try await bench.written(from: Self.late) == [7, 9])
            #expect(bench.log.all.isEmpty)
        }
    }

    @Test func `a batch whose end nobody knows is written again, and counts once`() async throws {
        try await withBench { bench in
            bench.report(1, 7)
            bench.pass(.seconds(5))
            let slot = try #require(bench.telemetry.next())
            try await bench.keeper.makeDays()
            _ = try await bench.database.statement { transaction throws(StoreError) in
                try transaction.telemetryWrite(Array(slot.samples.values), node: "a")
            }
            try await bench.keeper.turn()
            #expect(try await bench.written(from: Self.late) == [7])
            #expect(bench.telemetry.next() == nil)
        }
    }

    @Test func `what takes longer than a statement may is written in smaller parts`() async throws {
        try await withBench { bench in
            try await bench.database.telemetryGiveUp(beyond: 3)
            for number in 0..<10 { bench.report(1, 1, target: "\(Sample.arn)-\(number)") }
            bench.report(1, 7)
            bench.pass(.seconds(5))
            bench.report(2, 9)
            bench.pass(.seconds(5))
            try await bench.keeper.turn()
            #expect(try await bench.written(from: Self.late) == [7, 9])
            var page = MetricsPage()
            bench.telemetry.add(to: &page)
            #expect(page.text.contains("\nfaultplane_telemetry_samples_total{outcome=\"written\"} 12\n"))
            #expect(bench.log.all.isEmpty)
        }
    }

    @Test func `a day that somebody dropped is made again`() async throws {
        try await withBench { bench in
            try await bench.keeper.makeDays()
            try await bench.database.statement { transaction throws(StoreError) in
                try transaction.telemetryDropDay(TelemetryDay(of: Self.late))
            }
            bench.report(1, 7)
            bench.pass(.seconds(5))
            await #expect(throws: StoreError.self) { try await bench.keeper.turn() }
            try await bench.keeper.turn()
            #expect(try await bench.written(from: Self.late) == [7])
        }
    }

    @Test func `what is always refused is given up, and keeps nobody waiting`() async throws {
        try await withBench { bench in
            bench.report(1, 7, target: "a text that the database \u{0} cannot take")
            bench.pass(.seconds(5))
            bench.report(1, 9)
            bench.pass(.seconds(5))
            for _ in 0..<2 { await #expect(throws: StoreError.self) { try await bench.keeper.turn() } }
            try await bench.keeper.turn()
            #expect(try await bench.written(from: Self.late) == [9])
            #expect(bench.log.all.map { $0.contains("telemetry not written, given up") } == [true])
        }
    }

    @Test func `what there is no memory for is lost, and told`() async throws {
        try await withBench(limits: .init(slots: 2)) { bench in
            for number in 0..<4 {
                bench.report(Int64(number + 1), Int64(number))
                bench.pass(.seconds(5))
            }
            try await bench.keeper.turn()
            #expect(try await bench.written(from: Self.late) == [2, 3])
            var page = MetricsPage()
            bench.telemetry.add(to: &page)
            #expect(page.text.contains("\nfaultplane_telemetry_samples_total{outcome=\"written\"} 2\n"))
            #expect(page.text.contains("\nfaultplane_telemetry_samples_total{outcome=\"lost\"} 2\n"))
            #expect(bench.log.all.count == 1 && bench.log.all[0].contains("\"samples.count\":2"))
        }
    }

    @Test func `old days go, and what was around runs stays`() async throws {
        try await withBench { bench in
            let retention = TelemetryRetention(database: bench.database, time: bench.time, batch: 1)
            bench.report(1, 7)
            try await bench.keeper.turn(isLast: true)
            #expect(try await retention.turn() == 0)
            bench.pass(.seconds(7 * 86_400))
            #expect(try await retention.turn() == 0, "its last second is not old enough")
            bench.pass(.seconds(86_400))
            try await bench.keeper.makeDays()
            #expect(try await retention.turn() == 1)
            #expect(try await bench.written(from: Self.late).isEmpty)
            #expect(try await bench.days() == ["2026-09-28", "2026-09-29", "2026-09-30"])
            #expect(try await retention.turn() == 0)
        }
    }
}
