import Base
import Store
import TestSupport
import Testing

/// What injectors reported, as nodes write it down: once, whatever is repeated, by days that come and go.
@Suite struct TelemetryTests {
    /// Eight seconds before midnight (UTC).
    static let late = Timestamp(seconds: 1_789_948_792)
    static let fault = "\(Runs.id)/Delay"

    static func sample(
        _ at: Timestamp = late,
        batch: Int64 = 1,
        account: AccountID = Given.first,
        target: String = Runs.target,
        _ change: (inout TelemetrySample) -> Void = { _ in }
    ) -> TelemetrySample {
        var sample = TelemetrySample(account: account, target: target, at: at, batch: batch)
        (sample.instances, sample.invocations, sample.errors) = (2, 10, 1)
        sample.durations.add(10, in: 12)
        change(&sample)
        return sample
    }

    @discardableResult
    static func write(
        _ database: Database,
        _ samples: [TelemetrySample],
        node: String = "a"
    ) async throws -> Int {
        for day in Set(samples.map { TelemetryDay(of: $0.at) }) { try await make(database, day) }
        return try await database.statement { transaction throws(StoreError) in
            try transaction.telemetryWrite(samples, node: node)
        }
    }

    static func make(_ database: Database, _ day: TelemetryDay) async throws {
        try await database.statement { transaction throws(StoreError) in
            try transaction.telemetryMakeDay(day)
        }
    }

    private func days(_ database: Database) async throws -> [String] {
        try await database.statement { transaction throws(StoreError) in try transaction.telemetryDays() }
            .map(\.name)
    }

    static func injections(_ database: Database, _ account: AccountID = Given.first) async throws -> [String]
    {
        try await database.statement { transaction throws(StoreError) in
            try transaction.injectionList(Given.context(account), experiment: Runs.id)
        }.map { "\($0.action) \($0.target) \($0.injected)" }
    }

    private func series(
        _ database: Database,
        target: String? = Runs.target,
        experiment: String? = nil,
        _ account: AccountID = Given.first,
        from: Timestamp = late,
        to: Timestamp = late + .seconds(60),
        step: Duration = .seconds(5)
    ) async throws -> [TelemetryPoint] {
        let series = TelemetrySeries(target: target, experiment: experiment, from: from, to: to, step: step)
        return try await database.statement { transaction throws(StoreError) in
            try transaction.telemetrySeries(Given.context(account), series)
        }
    }

    private func windows(
        _ database: Database,
        _ windows: [TelemetryWindow],
        without batches: Set<Int64> = [],
        at now: Timestamp = late + .seconds(20)
    ) async throws -> [TelemetrySum] {
        try await database.statement { transaction throws(StoreError) in
            try transaction.telemetryWindows(windows, without: batches, at: now)
        }
    }

    @Test func `a day is made once, whoever asks for it, and there is no writing without`() async throws {
        try await Given.populated { database in
            #expect(TelemetryDay(of: Self.late).name == "2026-09-20")
            #expect(TelemetryDay(of: Self.late + .seconds(8)).name == "2026-09-21")
            let failure = await #expect(throws: StoreError.self) {
                try await database.statement { transaction throws(StoreError) in
                    try transaction.telemetryWrite([Self.sample()], node: "a")
                }
            }
            #expect(failure?.sqlState == .checkViolation)
            await withTaskGroup(of: Void.self) { group in
                for _ in 0..<4 {
                    group.addTask {
                        await #expect(throws: Never.self) {
                            try await Self.make(database, TelemetryDay(of: Self.late))
                        }
                    }
                }
            }
            try await Self.make(database, TelemetryDay(of: Self.late + .seconds(8)))
            #expect(try await days(database) == ["2026-09-20", "2026-09-21"])
            let both = [Self.sample(), Self.sample(Self.late + .seconds(8))]
            #expect(try await Self.write(database, both) == 2)
            try await database.statement { transaction throws(StoreError) in
                try transaction.telemetryDropDay(TelemetryDay(of: Self.late))
            }
            #expect(try await days(database) == ["2026-09-21"])
            #expect(try await series(database).map(\.place) == [1])
        }
    }

    @Test func `a day begins and ends in UTC, wherever the database is`() async throws {
        try await Given.populated { database in
            for zone in ["Pacific/Kiritimati", "Pacific/Pago_Pago"] {
                let day = TelemetryDay(of: zone.hasSuffix("i") ? Self.late : Self.late + .seconds(8))
                try await database.transaction { transaction throws(StoreError) in
                    try transaction.execute("SELECT set_config('TimeZone', \(zone), true)")
                    try transaction.telemetryMakeDay(day)
                }
            }
            let moments = [Self.late, Self.late + .milliseconds(7_999), Self.late + .seconds(8)]
            let samples = moments.enumerated().map { Self.sample($0.element, batch: Int64($0.offset)) }
            #expect(try await Self.write(database, samples) == 3)
            #expect(
                try await database.value("SELECT count(*) FROM telemetry_samples_20260920", as: Int.self) == 2
            )
        }
    }

    @Test func `what is written again counts once, also as injections`() async throws {
        try await withRun { database, _ in
            try await database.publishFault()
            let sample = Self.sample { $0.injected = [Self.fault: 3] }
            #expect(try await Self.write(database, [sample]) == 1)
            #expect(try await Self.write(database, [sample, Self.sample(batch: 2)]) == 1)
            #expect(try await Self.injections(database) == ["Delay \(Runs.target) 3"])
            #expect(
                try await Self.write(
                    database,
                    [Self.sample(batch: 3) { $0.injected = [Self.fault: 4] }],
                    node: "b"
                ) == 1
            )
            #expect(try await Self.injections(database) == ["Delay \(Runs.target) 7"])
            #expect(try await Self.injections(database, Given.second).isEmpty)
            let point = try #require(try await series(database).first)
            #expect(point.sum.invocations == 30 && point.sum.injections == 7 && point.sum.errors == 3)
            #expect(point.instances == 4, "two nodes with two each; one of them wrote twice of the same")
        }
    }

    @Test func `faults that are none of the target's are not counted`() async throws {
        try await withRun { database, _ in
            try await database.publishFault()
            let ids = ["EXPzzzzzzzzzzzzzzz/Delay", "\(Runs.id)/Other", "nonsense", "/", "\(Runs.id)/"]
            let strange = Dictionary(uniqueKeysWithValues: ids.map { ($0, Int64(5)) })
            let samples = [
                Self.sample { $0.injected = strange },
                Self.sample(batch: 2, target: "arn:aws:lambda:us-east-1:000000000000:function:other") {
                    $0.injected = [Self.fault: 5]
                },
                Self.sample(batch: 3, account: Given.second) { $0.injected = [Self.fault: 5] },
            ]
            #expect(try await Self.write(database, samples) == 3)
            #expect(try await Self.injections(database).isEmpty)
            #expect(
                try await database.value("SELECT sum(injections) FROM telemetry_samples", as: Int.self) == 0
            )
        }
    }

    @Test func `a fault that is over is still known by its coverage`() async throws {
        try await withRun { database, _ in
            let row = FaultCoverage(
                experiment: Runs.id,
                action: "A/B",
                account: Given.first,
                target: Runs.target
            )
            try await database.statement { transaction throws(StoreError) in
                try transaction.coverageWrite([row], node: "a", at: Given.now)
            }
            try await Self.write(database, [Self.sample { $0.injected = ["\(Runs.id)/A/B": 2] }])
            #expect(try await Self.injections(database) == ["A/B \(Runs.target) 2"])
        }
    }

    @Test func `sums that do not fit are cut, and fail nothing`() async throws {
        try await withRun { database, _ in
            try await database.publishFault()
            for batch: Int64 in 1...2 {
                let huge = Self.sample(batch: batch) { sample in
                    (sample.instances, sample.invocations, sample.errors) = (.max, .max, .max)
                    sample.injected = [Self.fault: .max]
                    sample.durations.add(.max, in: 3)
                }
                try await Self.write(database, [huge])
            }
            let point = try #require(try await series(database).first)
            #expect(point.sum.invocations == 9_000_000_000_000_000_000)
            let window = TelemetryWindow(
                account: Given.first,
                targets: [Runs.target],
                since: Self.late,
                withDurations: true
            )
            #expect(try await windows(database, [window]).first?.invocations == point.sum.invocations)
            #expect(try await Self.injections(database) == ["Delay \(Runs.target) 9000000000000000000"])
        }
    }
}

extension TelemetryTests {
    @Test func `windows are added up in one statement, each for itself`() async throws {
        try await Given.populated { database in
            let other = "arn:aws:lambda:us-east-1:000000000000:function:other"
            let late = Self.late
            try await Self.write(
                database,
                [
                    Self.sample(late), Self.sample(late + .seconds(5)), Self.sample(late + .seconds(10)),
                    Self.sample(late + .seconds(10), batch: 9),
                    Self.sample(late + .seconds(10), target: other),
                    Self.sample(late + .seconds(10), account: Given.second),
                    Self.sample(late + .seconds(3_600)),
                ]
            )
            func window(
                _ targets: [String],
                _ since: Duration,
                _ withDurations: Bool = false,
                _ account: AccountID = Given.first
            ) -> TelemetryWindow {
                TelemetryWindow(
                    account: account,
                    targets: targets,
                    since: late + since,
                    withDurations: withDurations
                )
            }
            let sums = try await windows(
                database,
                [
                    window([Runs.target], .zero), window([Runs.target], .seconds(5)),
                    window([Runs.target, other, other], .seconds(12), true), window(["nobody"], .zero),
                    window([], .zero), window([Runs.target], .zero, true, Given.second),
                    window([Runs.target], .seconds(15)),
                ],
                without: [9]
            )
            #expect(sums.map(\.invocations) == [30, 20, 20, 0, 0, 10, 0])
            #expect(sums.map(\.durations.total) == [0, 0, 20, 0, 0, 10, 0])
            #expect(sums[2].errors == 2 && sums[2].injections == 0)
            #expect(try await windows(database, []).isEmpty)
        }
    }

    @Test func `a series has steps, and a run's is of its targets and of what was kept for it`() async throws
    {
        try await withRun { database, run in
            try await cover(database)
            let late = Self.late
            let slow = Self.sample(late + .seconds(10), batch: 2) { $0.durations.add(1, in: 40) }
            try await Self.write(database, [Self.sample(), Self.sample(late + .seconds(5), batch: 2), slow])
            try await Self.write(database, [Self.sample(late + .seconds(10), batch: 3)], node: "b")
            try await Self.write(database, [Self.sample(late, target: "arn:aws:x:y:z:w")])
            let points = try await series(database, step: .seconds(10))
            #expect(points.map(\.place) == [0, 1])
            #expect(points.map(\.instances) == [2, 4])
            #expect(points.map(\.sum.invocations) == [20, 20])
            #expect(points[1].sum.durations.buckets.map(\.bucket) == [12, 40])
            #expect(try await series(database, target: nil, experiment: run.id, step: .seconds(10)) == points)
            #expect(try await series(database, experiment: run.id, step: .seconds(10)) == points)
            #expect(try await series(database, target: "arn:aws:x:y:z:w", experiment: run.id).isEmpty)
            #expect(try await series(database, Given.second).isEmpty)
            #expect(try await series(database, target: nil, experiment: run.id, Given.second).isEmpty)
        }
    }

    private func cover(_ database: Database) async throws {
        let row = FaultCoverage(
            experiment: Runs.id,
            action: "Delay",
            account: Given.first,
            target: Runs.target
        )
        for node in ["a", "b"] {
            try await database.statement { transaction throws(StoreError) in
                try transaction.coverageWrite([row], node: node, at: Given.now)
            }
        }
    }

    @Test func `what is around runs is kept for them, once, and goes with them`() async throws {
        try await withRun { database, run in
            try await cover(database)
            let (begin, end) = (run.createdAt, run.createdAt + .seconds(60))
            let moments: [Duration] = [
                .seconds(-301), .seconds(-300), .zero, .seconds(60 + 899), .seconds(60 + 900),
            ]
            let samples = moments.enumerated().map {
                Self.sample(begin + $0.element, batch: Int64($0.offset))
            }
            try await Self.write(database, samples)
            try await Self.write(database, [Self.sample(begin, target: "arn:aws:x:y:z:w")])
            let day = TelemetryDay(of: begin)
            let isOneDay = samples.allSatisfy { TelemetryDay(of: $0.at) == day }
            try #require(isOneDay)
            let keep = {
                try await database.statement { transaction throws(StoreError) in
                    try transaction.telemetryKeepForRuns(day, after: nil, limit: 10)
                }
            }
            func kept() async throws -> [Int] {
                try await database.statement { transaction throws(StoreError) in
                    try transaction.all("SELECT batch FROM run_telemetry ORDER BY batch") {
                        row throws(StoreError) in try row.next()
                    }
                }
            }
            #expect(try await keep() == nil)
            #expect(try await kept() == [1, 2, 3, 4], "it has not ended yet")
            try await database.run("DELETE FROM run_telemetry")
            let step = ExperimentStep(state: Runs.state("stopped", ended: end))
            #expect(try await database.advance(run, step))
            for _ in 0..<2 { #expect(try await keep() == nil) }
            #expect(try await kept() == [1, 2, 3])
            let whole = try await series(
                database,
                experiment: run.id,
                from: begin + .seconds(-600),
                to: end + .seconds(3_600)
            )
            try await database.statement { transaction throws(StoreError) in
                try transaction.telemetryDropDay(day)
            }
            let left = try await series(
                database,
                experiment: run.id,
                from: begin + .seconds(-600),
                to: end + .seconds(3_600)
            )
            #expect(left.count == 3 && whole.count == 5)
            #expect(
                try await series(database, from: begin).isEmpty,
                "the target by itself has nothing any more"
            )
            let forgotten = try await database.statement { transaction throws(StoreError) in
                try transaction.experimentForget(endedBefore: end + .seconds(1), limit: 10)
            }
            #expect(forgotten == 1)
            #expect(try await kept().isEmpty)
        }
    }

    @Test func `runs are looked at by and by`() async throws {
        try await withRun { database, run in
            for number in 1...4 {
                let new = Runs.new(Runs.id(number), token: "another-\(number)")
                try #require(try await database.start(new) == .started(accountConfigurations: []))
            }
            let day = TelemetryDay(of: run.createdAt)
            var (after, seen) = (String?.none, 0)
            repeat {
                let place = after
                after = try await database.statement { transaction throws(StoreError) in
                    try transaction.telemetryKeepForRuns(day, after: place, limit: 2)
                }
                seen += 1
            } while after != nil && seen < 10
            #expect(seen == 3)
        }
    }
}

extension Database {
    /// Has the test's run publish its fault.
    fileprivate func publishFault() async throws {
        let run = try #require(try await experiment())
        let step = ExperimentStep(state: Runs.state(), published: [Runs.fault()])
        #expect(try await advance(run, step))
    }
}
