import Base

/// Deadlines of many connections at a cost that does not grow with their number.
///
/// Each connection has at most one live entry. A deadline that moves later costs nothing: the entry is put back when it
/// comes up too early. One that moves earlier makes a new entry, and the old one is recognised as stale by its tick.
struct TimerWheel {
    struct Entry {
        let descriptor: Int32
        let generation: UInt32
        let tick: Int64
    }

    /// About 17 ms.
    private static let shift: Int64 = 24
    /// About 70 s around; a later deadline is looked at once on the way.
    private static let slotCount = 4_096

    private var slots = [[Entry]](repeating: [], count: slotCount)
    private var occupied = [UInt64](repeating: 0, count: slotCount / 64)
    private var current: Int64
    private var count = 0

    init(now: Instant) { current = now.nanoseconds >> Self.shift }

    /// The tick at which a deadline is looked at: never before it has passed.
    func tick(for deadline: Instant) -> Int64 {
        let wanted = (deadline.nanoseconds >> Self.shift) + 1
        return min(max(wanted, current + 1), current + Int64(Self.slotCount) - 1)
    }

    mutating func insert(_ entry: Entry) {
        let slot = Self.slot(entry.tick)
        slots[slot].append(entry)
        occupied[slot >> 6] |= 1 << UInt64(slot & 63)
        count += 1
    }

    /// Takes out every entry whose tick has come.
    mutating func takeExpired(_ now: Instant) -> [Entry] {
        let target = now.nanoseconds >> Self.shift
        var expired: [Entry] = []
        // After a long sleep one turn of the wheel has passed every entry.
        current = max(current, target - Int64(Self.slotCount))
        while current < target {
            if count == 0 {
                current = target
                break
            }
            current += 1
            let slot = Self.slot(current)
            if slots[slot].isEmpty { continue }
            expired += slots[slot]
            count -= slots[slot].count
            slots[slot] = []
            occupied[slot >> 6] &= ~(1 << UInt64(slot & 63))
        }
        return expired
    }

    /// Milliseconds until an entry may be due; -1 where there is none.
    func timeout(now: Instant) -> CInt {
        guard count > 0 else { return -1 }
        for distance in 0..<Self.slotCount / 64 + 1 {
            let word = (Self.slot(current + 1) >> 6 + distance) & (Self.slotCount / 64 - 1)
            var bits = occupied[word]
            // The first word also holds slots behind the hand, which are a whole turn away.
            if distance == 0 { bits &= ~0 << UInt64(Self.slot(current + 1) & 63) }
            if bits == 0 { continue }
            let slot = Int64(word << 6 + bits.trailingZeroBitCount)
            let ahead = (slot - Int64(Self.slot(current))) & Int64(Self.slotCount - 1)
            let due = (current + ahead) << Self.shift
            return CInt(clamping: max(0, (due - now.nanoseconds) / 1_000_000 + 1))
        }
        return 0
    }

    private static func slot(_ tick: Int64) -> Int { Int(tick & Int64(slotCount - 1)) }
}
