/// A number as a header's value, written digit by digit without a text being made of it.
package enum HeaderNumber: Sendable, CustomStringConvertible {
    case plain(Int64)
    /// Between quotation marks, as an ETag has it.
    case quoted(Int64)
    /// Nanoseconds, told as seconds with nine decimals: rounded they would be more or less than was meant.
    case seconds(Int64)

    /// No value takes more bytes: a sign, nineteen digits, and two marks.
    static let longest = 24

    /// The same as text, for an answer that is a value.
    package var description: String {
        var bytes: InlineArray<24, UInt8> = .init(repeating: 0)
        var span = bytes.mutableSpan
        let length = unsafe span.withUnsafeMutableBytes { unsafe write(to: $0) }
        return String(decoding: (0..<length).map { bytes[$0] }, as: UTF8.self)
    }

    /// Writes the value, for which there must be room; says how long it became.
    func write(to bytes: UnsafeMutableRawBufferPointer) -> Int {
        guard bytes.count >= Self.longest else { return 0 }
        let number =
            switch self {
            case .plain(let number), .quoted(let number), .seconds(let number): number
            }
        var length = 0
        if case .quoted = self { unsafe Self.put(UInt8(ascii: "\""), bytes, &length) }
        if number < 0 { unsafe Self.put(UInt8(ascii: "-"), bytes, &length) }
        if case .seconds = self {
            let (whole, part) = number.magnitude.quotientAndRemainder(dividingBy: 1_000_000_000)
            unsafe Self.put(whole, width: Self.width(whole), bytes, &length)
            unsafe Self.put(UInt8(ascii: "."), bytes, &length)
            unsafe Self.put(part, width: 9, bytes, &length)
        } else {
            unsafe Self.put(number.magnitude, width: Self.width(number.magnitude), bytes, &length)
        }
        if case .quoted = self { unsafe Self.put(UInt8(ascii: "\""), bytes, &length) }
        return length
    }

    private static func put(_ byte: UInt8, _ bytes: UnsafeMutableRawBufferPointer, _ length: inout Int) {
        unsafe bytes[length] = byte
        length += 1
    }

    /// The last digits first, two at a time, with zeros before the first where it is narrower than the width.
    private static func put(
        _ number: UInt64,
        width: Int,
        _ bytes: UnsafeMutableRawBufferPointer,
        _ length: inout Int
    ) {
        var (rest, place) = (number, length + width)
        while place >= length + 2 {
            let pair = rest % 100
            rest /= 100
            place -= 2
            unsafe bytes[place] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: pair / 10)
            unsafe bytes[place + 1] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: pair % 10)
        }
        if place > length { unsafe bytes[length] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10) }
        length += width
    }

    private static func width(_ number: UInt64) -> Int {
        var (width, bound) = (1, 10 as UInt64)
        while number >= bound {
            width += 1
            let (next, isPastAll) = bound.multipliedReportingOverflow(by: 10)
            if isPastAll { break }
            bound = next
        }
        return width
    }
}
