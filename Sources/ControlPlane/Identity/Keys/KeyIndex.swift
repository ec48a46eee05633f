/// Where each key stands in a list: a hash table for keys that need no hashing.
///
/// Ids are drawn at random by us, so their own low bits spread them, and no stranger can choose ids that collide; the
/// standard dictionary would spend more time on hashing than on all the rest of a lookup.
struct KeyIndex: Sendable {
    private let ids: [PackedKeyID]
    /// Positions in `ids`, or -1 where there is none.
    ///
    /// At most half are taken, so that every search soon ends.
    private let slots: [Int32]

    /// Of several equal ids the last counts.
    init(_ ids: [PackedKeyID]) {
        var capacity = 8
        while capacity < ids.count * 2 { capacity *= 2 }
        var slots = [Int32](repeating: -1, count: capacity)
        for (position, id) in ids.enumerated() {
            var slot = id.spread & (capacity - 1)
            while slots[slot] >= 0, ids[Int(slots[slot])] != id { slot = (slot + 1) & (capacity - 1) }
            slots[slot] = Int32(truncatingIfNeeded: position)
        }
        self.ids = ids
        self.slots = slots
    }

    func position(of id: PackedKeyID) -> Int? {
        var slot = id.spread & (slots.count - 1)
        while slots[slot] >= 0 {
            let position = Int(slots[slot])
            if ids[position] == id { return position }
            slot = (slot + 1) & (slots.count - 1)
        }
        return nil
    }
}
