/// Answers the kernel has not taken yet, in order.
///
/// What it has taken is forgotten soon, so that a peer that always leaves a little unread does not make it grow.
struct UnsentBytes {
    private static let tolerated = 64 << 10

    private var bytes: [UInt8] = []
    private var start = 0

    var isEmpty: Bool { start == bytes.count }
    var count: Int { bytes.count - start }
    /// What it occupies, including what was taken already.
    var footprint: Int { bytes.count }

    mutating func append(_ more: [UInt8]) {
        if isEmpty { bytes = more } else { bytes += more }
    }

    /// Forgets the first `taken` bytes.
    mutating func drop(_ taken: Int) {
        start += min(taken, count)
        if isEmpty {
            bytes = []
            start = 0
        } else if start >= Self.tolerated, start >= count {
            bytes.removeSubrange(..<start)
            start = 0
        }
    }

    func withUnsent<Result>(_ body: (Span<UInt8>) -> Result) -> Result {
        body(bytes.span.extracting(start..<bytes.count))
    }
}
