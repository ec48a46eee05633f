/// Numbers as they stand in what a peer sent, without a text being made of them.
extension Span<UInt8> {
    /// A whole number as `Int64(_: String)` reads it: digits after at most one sign.
    package var number: Int64? { number(in: 0..<count) }

    /// The same between quotation marks.
    package var quotedNumber: Int64? {
        guard count > 2, self[0] == UInt8(ascii: "\""), self[count - 1] == UInt8(ascii: "\"") else {
            return nil
        }
        return number(in: 1..<count - 1)
    }

    private func number(in range: Range<Int>) -> Int64? {
        var rest = range
        guard let first = rest.first else { return nil }
        let isNegative = self[first] == UInt8(ascii: "-")
        if isNegative || self[first] == UInt8(ascii: "+") { rest = first + 1..<range.upperBound }
        if rest.isEmpty { return nil }
        var number: Int64 = 0
        for index in rest {
            let byte = self[index]
            guard byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") else { return nil }
            let digit = Int64(byte - UInt8(ascii: "0"))
            let (product, overflows) = number.multipliedReportingOverflow(by: 10)
            // Downwards, where the least number is one further from zero than the greatest.
            let (sum, overflowsToo) = product.subtractingReportingOverflow(digit)
            if overflows || overflowsToo { return nil }
            number = sum
        }
        if isNegative { return number }
        return number == .min ? nil : -number
    }
}
