import Base

/// Where callers were let in, by the bytes in which they named it.
///
/// So a name is taken apart, and held against what the key may ask for, once and not at each poll. An entry is good for the
/// very caller that it was made for, who never changes: a key that is made anew is another caller and starts without any. What
/// finds no place is asked for the long way.
final class KnownNames<Place: AnyObject & Sendable>: Sendable {
    private final class Entry: Sendable {
        let caller: Caller
        let name: [UInt8]
        let place: Place

        init(caller: Caller, name: [UInt8], place: Place) {
            self.caller = caller
            self.name = name
            self.place = place
        }

        func isFor(_ name: Span<UInt8>, _ caller: Caller) -> Bool {
            guard self.caller === caller else { return false }
            let known = self.name
            return known.span.isEqual(to: name)
        }
    }

    private static var shardCount: Int { 64 }

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

    /// The place, if this caller was let in there before under this very name.
    func place(_ name: Span<UInt8>, for caller: Caller) -> Place? {
        let hash = hash(name, caller)
        let first = Int(truncatingIfNeeded: hash) & mask
        return shards[Int(hash >> 58)].withLock { entries in
            if let entry = entries[first], entry.isFor(name, caller) { return entry.place }
            if let entry = entries[first ^ 1], entry.isFor(name, caller) { return entry.place }
            return nil
        }
    }

    /// The caller may go there, and says so with this name.
    func remember(_ place: Place, _ name: [UInt8], for caller: Caller) {
        let hash = hash(name.span, caller)
        let entry = Entry(caller: caller, name: name, place: place)
        let first = Int(truncatingIfNeeded: hash) & mask
        shards[Int(hash >> 58)].withLock { entries in
            // What was there moves on to the other of the two places.
            entries[first ^ 1] = entries[first]
            entries[first] = entry
        }
    }

    private func hash(_ name: Span<UInt8>, _ caller: Caller) -> UInt64 {
        let address = UInt64(UInt(bitPattern: ObjectIdentifier(caller)))
        return name.quickHash(seed: seed ^ address)
    }
}
