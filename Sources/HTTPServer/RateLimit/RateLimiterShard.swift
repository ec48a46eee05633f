/// A part of a limiter's keys: sets of eight places, and the one bucket of those who find none.
struct RateLimiterShard {
    private static let ways = 8
    private static let cacheLine = 64

    /// When each bucket is full again; before any use it always was.
    ///
    /// Apart from the keys: this alone shows most buckets to be free, and those of a set are read from memory at once.
    private var fullAt: [Int64]
    private var keys: [UInt64]
    /// The bucket of those who find no place.
    private var sharedFullAt = Int64.min
    /// Where the first set begins, so that each lies in one line of the processor's cache.
    private let start: Int
    private let setMask: Int

    var capacity: Int { (setMask + 1) * Self.ways }

    init(capacity: Int) {
        var sets = 1
        while sets * Self.ways < capacity { sets *= 2 }
        let room = (sets + 1) * Self.ways
        fullAt = [Int64](repeating: .min, count: room)
        keys = [UInt64](repeating: 0, count: room)
        setMask = sets - 1
        let address = unsafe fullAt.withUnsafeBytes { UInt(bitPattern: $0.baseAddress) }
        let past = Int(address % UInt(Self.cacheLine))
        start = past == 0 ? 0 : (Self.cacheLine - past) / MemoryLayout<Int64>.stride
    }

    /// How many nanoseconds until the key may; 0 when it may now, and then it has.
    mutating func take(_ key: UInt64, _ place: UInt64, _ allowance: RateAllowance, _ now: Int64) -> Int64 {
        let first = start + (Int(truncatingIfNeeded: place) & setMask) * Self.ways
        var free = -1
        for index in first..<first + Self.ways {
            if fullAt[index] <= now {
                free = index
            } else if keys[index] == key {
                return Self.take(&fullAt[index], allowance, now)
            }
        }
        guard free >= 0 else { return Self.take(&sharedFullAt, allowance, now) }
        keys[free] = key
        fullAt[free] = .min
        return Self.take(&fullAt[free], allowance, now)
    }

    private static func take(_ fullAt: inout Int64, _ allowance: RateAllowance, _ now: Int64) -> Int64 {
        let next = max(fullAt, now).addingReportingOverflow(allowance.interval).partialValue
        let wait = next &- now &- allowance.depth
        if wait > 0 { return wait }
        fullAt = next
        return 0
    }
}
