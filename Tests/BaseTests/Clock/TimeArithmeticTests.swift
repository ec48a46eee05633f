import Base
import Testing

@Suite struct TimeArithmeticTests {
    private static let durations: [Case<Duration, Int64>] = [
        Case("nothing", .zero, 0),
        Case("a nanosecond", .nanoseconds(1), 1),
        Case(
            "less than a nanosecond is cut",
            Duration(secondsComponent: 0, attosecondsComponent: 999_999_999),
            0
        ),
        Case("before zero", .milliseconds(-1_500), -1_500_000_000),
        Case("the longest that fits", .nanoseconds(Int64.max), .max),
        Case("a nanosecond longer", .nanoseconds(Int64.max) + .nanoseconds(1), .max),
        Case("the longest whole seconds", .seconds(9_223_372_036), 9_223_372_036_000_000_000),
        Case("a second longer", .seconds(9_223_372_037), .max),
        Case("as long as can be said", .seconds(Int64.max), .max),
        Case("the most negative that fits", .nanoseconds(Int64.min), .min),
        Case("a nanosecond less", .nanoseconds(Int64.min) - .nanoseconds(1), .min),
        Case("as negative as can be said", .seconds(Int64.min), .min),
    ]

    @Test(arguments: durations) func `a duration is counted in nanoseconds, or cut`(
        _ row: Case<Duration, Int64>
    ) {
        #expect(row.input.nanoseconds == row.output)
    }

    @Test func `a duration is said in seconds`() {
        #expect(Duration.milliseconds(1_500).inSeconds == 1.5)
        #expect(Duration.seconds(-2).inSeconds == -2)
    }

    private static let sums: [Case<(Int64, Duration), Int64>] = [
        Case("later", (10, .nanoseconds(5)), 15),
        Case("earlier", (10, .nanoseconds(-15)), -5),
        Case("for ever", (10, .seconds(Int64.max)), .max),
        Case("past the end", (.max, .nanoseconds(1)), .max),
        Case("before the beginning", (.min, .nanoseconds(-1)), .min),
        Case("since for ever", (-10, .seconds(Int64.min)), .min),
    ]

    @Test(arguments: sums) func `a moment and a duration make a moment`(_ row: Case<(Int64, Duration), Int64>)
    {
        let (start, duration) = row.input
        #expect((Instant(nanoseconds: start) + duration).nanoseconds == row.output)
        #expect((Timestamp(nanoseconds: start) + duration).nanoseconds == row.output)
    }

    private static let differences: [Case<(Int64, Int64), Duration>] = [
        Case("between", (15, 10), .nanoseconds(5)),
        Case("before", (10, 15), .nanoseconds(-5)),
        Case("from end to end", (.max, .min), .nanoseconds(Int64.max)),
        Case("from end to end, backwards", (.min, .max), .nanoseconds(Int64.min)),
    ]

    @Test(arguments: differences) func `two moments make a duration`(_ row: Case<(Int64, Int64), Duration>) {
        let (end, start) = row.input
        #expect(Instant(nanoseconds: end) - Instant(nanoseconds: start) == row.output)
        #expect(Timestamp(nanoseconds: end) - Timestamp(nanoseconds: start) == row.output)
    }

    private static let seconds: [Case<Double, Int64>] = [
        Case("the beginning", 0, 0),
        Case("a quarter of a second", 1_790_000_000.25, 1_790_000_000_250_000_000),
        Case("before 1970", -1.5, -1_500_000_000),
        Case("far ahead", 1e300, .max),
        Case("far behind", -1e300, .min),
        Case("the first that does not fit", 9_223_372_036.854_776, .max),
        Case("infinity", .infinity, .max),
        Case("minus infinity", -.infinity, .min),
        Case("not a number", .nan, 0),
    ]

    @Test(arguments: seconds)
    func `a timestamp is read from seconds, whatever a stranger writes`(_ row: Case<Double, Int64>) {
        #expect(Timestamp(seconds: row.input).nanoseconds == row.output)
    }

    @Test func `moments are in order`() {
        #expect(Instant(nanoseconds: 1) < Instant(nanoseconds: 2))
        #expect(Timestamp(nanoseconds: -1) < Timestamp(nanoseconds: 0))
        #expect(Timestamp(nanoseconds: 1_500_000_000).seconds == 1.5)
    }

    @Test func `the system's clock goes forward`() {
        var last = Clock.system.now()
        for _ in 0..<1_000 {
            let next = Clock.system.now()
            #expect(next >= last)
            last = next
        }
        #expect(Clock.system.wall() > Timestamp(seconds: 1_700_000_000))
    }

    @Test func `a clock says what it is told to`() {
        let clock = Clock(now: { Instant(nanoseconds: 1) }, wall: { Timestamp(nanoseconds: 2) })
        #expect(clock.now() == Instant(nanoseconds: 1))
        #expect(clock.wall() == Timestamp(nanoseconds: 2))
    }
}
