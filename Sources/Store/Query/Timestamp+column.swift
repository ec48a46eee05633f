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
    private let bytes: [UInt8]
    private var position = 0

    init(_ text: String) { bytes = Array(text.utf8) }

    var isAtEnd: Bool { position == bytes.count }

    private var digit: Int? {
        guard position < bytes.count, (0x30...0x39).contains(bytes[position]) else { return nil }
        return Int(bytes[position] - 0x30)
    }

    mutating func take(_ letter: Unicode.Scalar) -> Bool {
        guard position < bytes.count, bytes[position] == UInt8(ascii: letter) else { return false }
        position += 1
        return true
    }

    /// A number of exactly that many digits.
    mutating func number(_ digits: Int) -> Int? {
        var value = 0
        for _ in 0..<digits {
            guard let digit else { return nil }
            value = value * 10 + digit
            position += 1
        }
        return value
    }

    /// The digits after the point, as nanoseconds.
    mutating func fraction() -> Int? {
        var (value, count) = (0, 0)
        while let digit {
            count += 1
            if count > 9 { return nil }
            value = value * 10 + digit
            position += 1
        }
        if count == 0 { return nil }
        for _ in count..<9 { value *= 10 }
        return value
    }
}
