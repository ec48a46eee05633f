import Base

/// When a request says it was signed.
struct SigningTime: Hashable, Sendable {
    let timestamp: Timestamp
    /// As the string to sign holds it: `20261120T173041Z`.
    let stamp: String

    /// As the credential scope holds it: `20261120`.
    var day: String { String(stamp.prefix(8)) }

    /// Reads `X-Amz-Date`, which counts where both stand, or `Date`.
    init(of head: SignedRequestHead) throws(AuthenticationFailure) {
        let stated = head.values(of: "x-amz-date")
        let values = stated.isEmpty ? head.values(of: "date") : stated
        guard let value = values.first else { throw .incomplete(.noDate) }
        guard values.count == 1 else { throw .incomplete(.repeatedDate) }
        let text = Whitespace.trim(value[...])
        guard let time = Self(stamp: text) ?? (stated.isEmpty ? Self(httpDate: text) : nil) else {
            throw .incomplete(.date(EchoedText(text)))
        }
        self = time
    }

    /// From `20261120T173041Z`.
    init?(stamp text: ArraySlice<UInt8>) {
        let bytes = Array(text)
        guard bytes.count == 16, bytes[8] == UInt8(ascii: "T"), bytes[15] == UInt8(ascii: "Z"),
            let year = Self.number(bytes[0..<4]), let month = Self.number(bytes[4..<6]),
            let day = Self.number(bytes[6..<8]), let hour = Self.number(bytes[9..<11]),
            let minute = Self.number(bytes[11..<13]), let second = Self.number(bytes[13..<15])
        else { return nil }
        self.init(year: year, month: month, day: day, hour: hour, minute: minute, second: second)
    }

    /// From `Fri, 20 Nov 2026 17:30:41 GMT`, or with the zone written `-0000`, `+0000` or `UTC`.
    init?(httpDate text: ArraySlice<UInt8>) {
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        let words = text.split(whereSeparator: Whitespace.contains)
        guard words.count == 6, words[0].last == UInt8(ascii: ","),
            let day = Self.number(words[1]), let year = Self.number(words[3]),
            let month = months.firstIndex(of: String(decoding: words[2], as: UTF8.self)),
            ["GMT", "UTC", "+0000", "-0000"].contains(String(decoding: words[5], as: UTF8.self))
        else { return nil }
        let clock = words[4].split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
            .map(Self.number)
        guard clock.count == 3, let hour = clock[0], let minute = clock[1], let second = clock[2] else {
            return nil
        }
        self.init(year: year, month: month + 1, day: day, hour: hour, minute: minute, second: second)
    }

    /// The years are bounded to what fits a timestamp with room to subtract.
    private init?(year: Int, month: Int, day: Int, hour: Int, minute: Int, second: Int) {
        guard (1970..<2200).contains(year),
            let seconds = CalendarTime.seconds(
                year: year,
                month: month,
                day: day,
                hour: hour,
                minute: minute,
                second: second
            )
        else { return nil }
        timestamp = Timestamp(nanoseconds: seconds * 1_000_000_000)
        let parts = [(year, 4), (month, 2), (day, 2), (hour, 2), (minute, 2), (second, 2)]
        let texts = parts.map { value, width in
            let digits = String(value)
            return String(repeating: "0", count: max(0, width - digits.count)) + digits
        }
        stamp = texts[0..<3].joined() + "T" + texts[3...].joined() + "Z"
    }

    /// One to four digits.
    private static func number(_ text: ArraySlice<UInt8>) -> Int? {
        guard (1...4).contains(text.count) else { return nil }
        var value = 0
        for byte in text {
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
            value = value * 10 + Int(byte - UInt8(ascii: "0"))
        }
        return value
    }
}
