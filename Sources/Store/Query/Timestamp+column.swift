import Base

/// Moments, as `timestamptz` has them in a session whose zone is UTC: to the microsecond.
extension Timestamp: ColumnValue {
    package init?(column: String) {
        var reader = ColumnReader(column)
        guard let year = reader.number(4), reader.take("-"), let month = reader.number(2), reader.take("-"),
            let day = reader.number(2), reader.take(" "), let hour = reader.number(2), reader.take(":"),
            let minute = reader.number(2), reader.take(":"), let second = reader.number(2)
        else { return nil }
        let nanoseconds = reader.take(".") ? reader.fraction() : 0
        guard let nanoseconds, reader.take("+"), reader.number(2) == 0, reader.isAtEnd,
            let seconds = CalendarTime.seconds(
                year: year,
                month: month,
                day: day,
                hour: hour,
                minute: minute,
                second: second
            )
        else { return nil }
        // A moment outside the years 1678 to 2261 has no place in a Timestamp.
        let (whole, isTooFar) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        let (sum, isFarther) = whole.addingReportingOverflow(Int64(nanoseconds))
        guard !isTooFar, !isFarther else { return nil }
        self.init(nanoseconds: sum)
    }

    package var column: String { CalendarTime(self).iso8601Exact }
}

/// Reads a column's text from its start on.
private struct ColumnReader {
    private var rest: Substring.UTF8View

    init(_ text: String) { rest = text[...].utf8 }

    var isAtEnd: Bool { rest.isEmpty }

    mutating func take(_ letter: Unicode.Scalar) -> Bool {
        guard rest.first == UInt8(ascii: letter) else { return false }
        rest.removeFirst()
        return true
    }

    /// A number of exactly that many digits.
    mutating func number(_ digits: Int) -> Int? {
        let taken = rest.prefix(digits)
        guard taken.count == digits, taken.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        rest.removeFirst(digits)
        return taken.reduce(0) { $0 * 10 + Int($1 - 0x30) }
    }

    /// The digits after the point, as nanoseconds.
    mutating func fraction() -> Int? {
        let taken = rest.prefix { (0x30...0x39).contains($0) }
        guard (1...9).contains(taken.count) else { return nil }
        rest.removeFirst(taken.count)
        return (0..<9).reduce(0) { value, place in
            let digit = place < taken.count ? taken[taken.index(taken.startIndex, offsetBy: place)] : 0x30
            return value * 10 + Int(digit - 0x30)
        }
    }
}
