import Base

/// Which rooms callers were let into, by the bytes in which they named them.
///
/// So a target's name is taken apart, and held against what the key may ask for, once and not at each poll. An entry is good for the
/// very caller that it was made for, who never changes: a key that is made anew is another caller and starts without any. What
/// finds no place is asked for the long way.
final class KnownTargets: Sendable {
    private final class Entry: Sendable {
        let caller: Caller
        let name: [UInt8]
        let room: TargetRoom

        init(caller: Caller, name: [UInt8], room: TargetRoom) {
            self.caller = caller
            self.name = name
            self.room = room
        }

        func isFor(_ name: ArraySlice<UInt8>, _ caller: Caller) -> Bool {
            guard self.caller === caller else { return false }
            let known = self.name
            return known.span.isEqual(to: name.span)
        }
    }

    private static let shardCount = 64

    private let shards: [Locked<[Entry?]>]
    private let mask: Int
    /// Callers choose names, so which of them meet must not be for them to know.
    private let seed = UInt64.random(in: .min ... .max)

    /// `capacity` is how many names have a place, at eight bytes each; it is rounded up.
    init(capacity: Int = 262_144) {
        var places = 2
        while places * Self.shardCount < capacity { places *= 2 }
        mask = places - 1
        shards = (0..<Self.shardCount).map { _ in Locked([Entry?](repeating: nil, count: places)) }
    }

    /// The room, if this caller was let into it before under this very name.
    func room(_ name: ArraySlice<UInt8>, for caller: Caller) -> TargetRoom? {
        let hash = hash(name, caller)
        let first = Int(truncatingIfNeeded: hash) & mask
        return shards[Int(hash >> 58)].withLock { entries in
            if let entry = entries[first], entry.isFor(name, caller) { return entry.room }
            if let entry = entries[first ^ 1], entry.isFor(name, caller) { return entry.room }
            return nil
        }
    }

    /// The caller may poll there, and says so with this name.
    func remember(_ room: TargetRoom, _ name: ArraySlice<UInt8>, for caller: Caller) {
        let hash = hash(name, caller)
        let entry = Entry(caller: caller, name: Array(name), room: room)
        let first = Int(truncatingIfNeeded: hash) & mask
        shards[Int(hash >> 58)].withLock { entries in
            // What was there moves on to the other of the two places.
            entries[first ^ 1] = entries[first]
            entries[first] = entry
        }
    }

    private func hash(_ name: ArraySlice<UInt8>, _ caller: Caller) -> UInt64 {
        let address = UInt64(UInt(bitPattern: ObjectIdentifier(caller)))
        return name.span.quickHash(seed: seed ^ address)
    }
}
