extension Request {
    /// The first value of a query parameter, decoded; nil where it is absent or its encoding is broken.
    ///
    /// Nothing is made of the parameters before it, nor of a value that needs no decoding but the text that is asked for.
    package func query(_ name: StaticString) -> String? {
        let span = bytes.span
        var start = head.query.places.lowerBound
        let end = head.query.places.upperBound
        while start < end {
            let pair = start..<(span.firstIndex(of: UInt8(ascii: "&"), in: start..<end) ?? end)
            start = pair.upperBound + 1
            if pair.isEmpty { continue }
            let equals = span.firstIndex(of: UInt8(ascii: "="), in: pair) ?? pair.upperBound
            guard isNamed(name, pair.lowerBound..<equals) else { continue }
            return formText(min(equals + 1, pair.upperBound)..<pair.upperBound)
        }
        return nil
    }

    /// A parameter whose name is broken has none, which is the empty one.
    private func isNamed(_ name: StaticString, _ place: Range<Int>) -> Bool {
        // What is the same as it was sent holds no code: no name that is asked for does.
        if bytes.span.matches(name, in: place) { return true }
        return isCoded(place) && (formText(place) ?? "") == "\(name)"
    }

    private func formText(_ place: Range<Int>) -> String? {
        // What was sent is visible ASCII, or the request was refused; so this makes a text of it as it is.
        if !isCoded(place) { return String(decoding: bytes[place], as: UTF8.self) }
        return PercentCoding.decode(bytes[place], plusIsSpace: true)
    }

    private func isCoded(_ place: Range<Int>) -> Bool {
        let span = bytes.span
        for index in place where span[index] == UInt8(ascii: "%") || span[index] == UInt8(ascii: "+") {
            return true
        }
        return false
    }

    /// Where the first value of a query parameter stands, as sent and without making a text of it.
    ///
    /// The name is looked for as it is: a client that encodes letters which need none is not understood.
    package func queryBytes(_ name: StaticString) -> ArraySlice<UInt8>? {
        let span = bytes.span
        var start = head.query.places.lowerBound
        let end = head.query.places.upperBound
        while start < end {
            let pairEnd = span.firstIndex(of: UInt8(ascii: "&"), in: start..<end) ?? end
            if let equals = span.firstIndex(of: UInt8(ascii: "="), in: start..<pairEnd),
                span.matches(name, in: start..<equals)
            {
                return bytes[equals + 1..<pairEnd]
            }
            start = pairEnd + 1
        }
        return nil
    }

    /// Every query parameter in the order sent, decoded.
    ///
    /// A parameter whose encoding is broken has no value.
    package var queryPairs: [(name: String, value: String?)] {
        bytes[head.query.places].split(separator: UInt8(ascii: "&")).map { pair in
            let parts = pair.split(
                separator: UInt8(ascii: "="),
                maxSplits: 1,
                omittingEmptySubsequences: false
            )
            let name = parts.first.flatMap { PercentCoding.decode($0, plusIsSpace: true) } ?? ""
            let value = parts.count > 1 ? PercentCoding.decode(parts[1], plusIsSpace: true) : ""
            return (name, value)
        }
    }
}
