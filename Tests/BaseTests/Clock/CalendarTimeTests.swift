import Base
import Testing

@Suite struct CalendarTimeTests {
    private struct Written: Sendable {
        var iso: String
        var http: String
    }

    private static let known: [Case<Int64, Written>] = [
        Case(
            "the beginning",
            0,
            Written(iso: "1970-01-01T00:00:00.000Z", http: "Thu, 01 Jan 1970 00:00:00 GMT")
        ),
        Case(
            "a millisecond before it",
            -1_000_000,
            Written(iso: "1969-12-31T23:59:59.999Z", http: "Wed, 31 Dec 1969 23:59:59 GMT")
        ),
        Case(
            "a nanosecond before it",
            -1,
            Written(iso: "1969-12-31T23:59:59.999Z", http: "Wed, 31 Dec 1969 23:59:59 GMT")
        ),
        Case(
            "RFC 9110's example",
            784_111_777_000_000_000,
            Written(iso: "1994-11-06T08:49:37.000Z", http: "Sun, 06 Nov 1994 08:49:37 GMT")
        ),
        Case(
            "the leap day of a century",
            951_782_400_000_000_000,
            Written(iso: "2000-02-29T00:00:00.000Z", http: "Tue, 29 Feb 2000 00:00:00 GMT")
        ),
        Case(
            "the last second of 32 bits",
            2_147_483_647_000_000_000,
            Written(iso: "2038-01-19T03:14:07.000Z", http: "Tue, 19 Jan 2038 03:14:07 GMT")
        ),
        Case(
            "milliseconds are cut, not rounded",
            1_795_195_841_123_999_999,
            Written(iso: "2026-11-20T17:30:41.123Z", http: "Fri, 20 Nov 2026 17:30:41 GMT")
        ),
        Case(
            "the year 2100 has no leap day",
            4_107_542_400_000_000_000,
            Written(iso: "2100-03-01T00:00:00.000Z", http: "Mon, 01 Mar 2100 00:00:00 GMT")
        ),
        Case(
            "the last moment there is",
            .max,
            Written(iso: "2262-04-11T23:47:16.854Z", http: "Fri, 11 Apr 2262 23:47:16 GMT")
        ),
        Case(
            "the first moment there is",
            .min,
            Written(iso: "1677-09-21T00:12:43.145Z", http: "Tue, 21 Sep 1677 00:12:43 GMT")
        ),
    ]

    @Test(arguments: known) private func `known moments are written`(_ row: Case<Int64, Written>) {
        let time = CalendarTime(Timestamp(nanoseconds: row.input))
        #expect(time.iso8601 == row.output.iso)
        #expect(time.httpDate == row.output.http)
    }

    @Test func `every day of six centuries follows the one before`() throws {
        let lengths = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        var (year, month, day, weekday) = (1678, 1, 1, 6)
        let first = try #require(seconds(year, month, day))
        for number in 0..<213_000 as Range<Int64> {
            let moment = first + number * 86_400
            let time = CalendarTime(Timestamp(nanoseconds: moment * 1_000_000_000))
            let isRight =
                time.year == year && time.month == month && time.day == day && time.weekday == weekday
                && seconds(year, month, day) == moment
            if !isRight { Issue.record("\(time) instead of \(year)-\(month)-\(day)") }
            let isLeap = year.isMultiple(of: 4) && (!year.isMultiple(of: 100) || year.isMultiple(of: 400))
            let last = lengths[month - 1] + (month == 2 && isLeap ? 1 : 0)
            (month, day) = day == last ? (month + 1, 1) : (month, day + 1)
            if month == 13 { (year, month) = (year + 1, 1) }
            weekday = (weekday + 1) % 7
        }
        #expect(year == 2261)
    }

    @Test func `a moment comes back from its parts`() {
        var generator = SplitMix64(seed: 7)
        for _ in 0..<20_000 {
            let stamp = Timestamp(nanoseconds: Int64.random(in: .min ... .max, using: &generator))
            let time = CalendarTime(stamp)
            let seconds = CalendarTime.seconds(
                year: time.year,
                month: time.month,
                day: time.day,
                hour: time.hour,
                minute: time.minute,
                second: time.second
            )
            #expect(seconds == floored(stamp.nanoseconds, 1_000_000_000))
            let milliseconds = floored(stamp.nanoseconds, 1_000_000)
            #expect(seconds.map { $0 * 1_000 + Int64(time.microsecond / 1_000) } == milliseconds)
        }
    }

    private static let refused: [Case<[Int], Int64?>] = [
        Case("the year 0", [0, 1, 1, 0, 0, 0], nil),
        Case("the year 1", [1, 1, 1, 0, 0, 0], -62_135_596_800),
        Case("the last second that is written in four digits", [9_999, 12, 31, 23, 59, 59], 253_402_300_799),
        Case("the year 10000", [10_000, 1, 1, 0, 0, 0], nil),
        Case("month 0", [2026, 0, 1, 0, 0, 0], nil),
        Case("month 13", [2026, 13, 1, 0, 0, 0], nil),
        Case("day 0", [2026, 1, 0, 0, 0, 0], nil),
        Case("April 31", [2026, 4, 31, 0, 0, 0], nil),
        Case("February 29 without leap", [2026, 2, 29, 0, 0, 0], nil),
        Case("February 29, 1900", [1900, 2, 29, 0, 0, 0], nil),
        Case("February 29, 2000", [2000, 2, 29, 0, 0, 0], 951_782_400),
        Case("February 30, 2000", [2000, 2, 30, 0, 0, 0], nil),
        Case("hour 24", [2026, 1, 1, 24, 0, 0], nil),
        Case("minute 60", [2026, 1, 1, 0, 60, 0], nil),
        Case("second 61", [2026, 1, 1, 0, 0, 61], nil),
        Case("a leap second is the next one", [2016, 12, 31, 23, 59, 60], 1_483_228_800),
        Case("hour -1", [2026, 1, 1, -1, 0, 0], nil),
        Case("far too much", [.max, .max, .max, .max, .max, .max], nil),
        Case("far too little", [.min, .min, .min, .min, .min, .min], nil),
    ]

    @Test(arguments: refused) func `what no calendar holds is refused`(_ row: Case<[Int], Int64?>) {
        let parts = row.input
        let seconds = CalendarTime.seconds(
            year: parts[0],
            month: parts[1],
            day: parts[2],
            hour: parts[3],
            minute: parts[4],
            second: parts[5]
        )
        #expect(seconds == row.output)
    }

    private func seconds(_ year: Int, _ month: Int, _ day: Int) -> Int64? {
        CalendarTime.seconds(year: year, month: month, day: day, hour: 0, minute: 0, second: 0)
    }

    private func floored(_ value: Int64, _ divisor: Int64) -> Int64 {
        value / divisor - (value % divisor < 0 ? 1 : 0)
    }
}
