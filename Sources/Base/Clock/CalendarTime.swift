/// A timestamp taken apart into the UTC calendar, without locale, zone files or Foundation.
package struct CalendarTime: Equatable, Sendable {
    package var year: Int
    package var month: Int
    package var day: Int
    package var hour: Int
    package var minute: Int
    package var second: Int
    package var microsecond: Int
    /// 0 is Sunday.
    package var weekday: Int

    package init(_ timestamp: Timestamp) {
        let microseconds = timestamp.nanoseconds.flooredQuotient(1_000)
        let seconds = microseconds.flooredQuotient(1_000_000)
        let days = seconds.flooredQuotient(86_400)
        let inDay = Int(seconds - days * 86_400)
        microsecond = Int(microseconds - seconds * 1_000_000)
        (hour, minute, second) = (inDay / 3_600, inDay / 60 % 60, inDay % 60)
        weekday = Int((days + 4) - (days + 4).flooredQuotient(7) * 7)
        (year, month, day) = Self.date(daysSince1970: days)
    }

    /// Years are counted from March, so that the leap day is the last of its year; a 400-year era has 146,097 days.
    private static func date(daysSince1970 days: Int64) -> (Int, Int, Int) {
        let shifted = days + 719_468
        let era = shifted.flooredQuotient(146_097)
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
        let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        return (Int(yearOfEra + era * 400) + (month <= 2 ? 1 : 0), Int(month), Int(day))
    }

    /// Seconds since 1970 of a calendar moment in UTC; nil where a part is out of range.
    package static func seconds(
        year: Int,
        month: Int,
        day: Int,
        hour: Int,
        minute: Int,
        second: Int
    ) -> Int64? {
        guard (1...9_999).contains(year), (1...12).contains(month), (1...31).contains(day),
            (0...23).contains(hour), (0...59).contains(minute), (0...60).contains(second)
        else { return nil }
        let fromMarch = Int64(month > 2 ? month - 3 : month + 9)
        let marchYear = Int64(month > 2 ? year : year - 1)
        let era = marchYear.flooredQuotient(400)
        let yearOfEra = marchYear - era * 400
        let dayOfYear = (153 * fromMarch + 2) / 5 + Int64(day) - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        let days = era * 146_097 + dayOfEra - 719_468
        guard date(daysSince1970: days) == (year, month, day) else { return nil }
        return days * 86_400 + Int64(hour * 3_600 + minute * 60 + second)
    }

    /// As in `2026-11-20T17:30:41.123Z`.
    package var iso8601: String { iso8601(microsecond / 1_000, digits: 3) }

    /// As in `2026-11-20T17:30:41.123456Z`.
    package var iso8601Exact: String { iso8601(microsecond, digits: 6) }

    private func iso8601(_ fraction: Int, digits: Int) -> String {
        var text: [UInt8] = []
        text.reserveCapacity(21 + digits)
        let parts: [(value: Int, width: Int, end: Unicode.Scalar)] = [
            (year, 4, "-"), (month, 2, "-"), (day, 2, "T"), (hour, 2, ":"), (minute, 2, ":"),
            (second, 2, "."),
            (fraction, digits, "Z"),
        ]
        for part in parts {
            Self.append(part.value, width: part.width, to: &text)
            text.append(UInt8(ascii: part.end))
        }
        return String(decoding: text, as: UTF8.self)
    }

    private static func append(_ value: Int, width: Int, to text: inout [UInt8]) {
        var divisor = 1
        for _ in 1..<width { divisor *= 10 }
        while divisor > 0 {
            text.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: value / divisor % 10))
            divisor /= 10
        }
    }

    /// As HTTP writes it: `Fri, 20 Nov 2026 17:30:41 GMT`.
    package var httpDate: String {
        let days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        return "\(days[weekday]), \(padded(day, 2)) \(months[month - 1]) \(padded(year, 4))"
            + " \(padded(hour, 2)):\(padded(minute, 2)):\(padded(second, 2)) GMT"
    }

    private func padded(_ value: Int, _ width: Int) -> String {
        let digits = String(value)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}

extension Int64 {
    /// Division that rounds down for negative numbers too.
    func flooredQuotient(_ divisor: Int64) -> Int64 {
        let quotient = self / divisor
        return self % divisor < 0 ? quotient - 1 : quotient
    }
}
