extension OutputBuffer {
    /// The number in decimal digits.
    mutating func append(number: Int64) {
        if number < 0 { append(UInt8(ascii: "-")) }
        append(digits: number.magnitude, atLeast: 1)
    }

    /// Nanoseconds as seconds with all nine decimals.
    mutating func append(seconds nanoseconds: Int64) {
        if nanoseconds < 0 { append(UInt8(ascii: "-")) }
        let (whole, part) = nanoseconds.magnitude.quotientAndRemainder(dividingBy: 1_000_000_000)
        append(digits: whole, atLeast: 1)
        append(UInt8(ascii: "."))
        append(digits: part, atLeast: 9)
    }

    /// With zeros before it where it has fewer digits; no number has more than twenty.
    private mutating func append(digits number: UInt64, atLeast width: Int) {
        var digits: InlineArray<20, UInt8> = .init(repeating: UInt8(ascii: "0"))
        var position = 20
        var rest = number
        while rest > 0 {
            position -= 1
            digits[position] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
            rest /= 10
        }
        append(digits.span.extracting(min(position, 20 - width)..<20))
    }
}
