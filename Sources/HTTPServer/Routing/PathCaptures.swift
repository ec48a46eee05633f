/// The segments of a path that stand for a route's parameters, in order, as places in the request's bytes.
package struct PathCaptures: Sendable {
    static let capacity = 4

    private var ranges: InlineArray<4, Range<Int32>> = .init(repeating: 0..<0)
    private var count = 0

    /// The router refuses routes with more parameters than fit.
    mutating func append(_ range: Range<Int>) {
        guard count < Self.capacity else { return }
        ranges[count] = Range(range.lowerBound, range.upperBound)
        count += 1
    }

    func shifted(by offset: Int) -> PathCaptures {
        var copy = self
        for index in 0..<Self.capacity {
            copy.ranges[index] = ranges[index].shifted(by: Int32(truncatingIfNeeded: offset))
        }
        return copy
    }

    fileprivate func range(_ index: Int) -> Range<Int32>? {
        index >= 0 && index < count ? ranges[index] : nil
    }
}

extension Request {
    /// A captured segment, decoded; nil where there is none or its encoding is broken.
    package func capture(_ index: Int) -> String? {
        captureBytes(index).flatMap { PercentCoding.decode($0) }
    }

    /// A captured segment as sent.
    package func captureBytes(_ index: Int) -> ArraySlice<UInt8>? {
        guard let range = captures.range(index), range.places.upperBound <= bytes.count else { return nil }
        return bytes[range.places]
    }
}
