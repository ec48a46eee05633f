import Base

/// A loop's connections by descriptor.
struct ConnectionTable {
    private var slots: [Connection?] = []
    private(set) var count = 0

    subscript(_ raw: CInt) -> Connection? {
        let index = Int(raw)
        return slots.indices.contains(index) ? slots[index] : nil
    }

    /// The connection, if it is still the one of that generation.
    func find(_ raw: CInt, generation: UInt32) -> Connection? {
        guard let connection = self[raw], connection.generation == generation else { return nil }
        return connection
    }

    mutating func insert(_ connection: Connection) {
        let index = Int(connection.descriptor.raw)
        if index < 0 { return }
        while slots.count <= index { slots.append(nil) }
        slots[index] = connection
        count += 1
    }

    mutating func remove(_ raw: CInt) {
        let index = Int(raw)
        guard slots.indices.contains(index), slots[index] != nil else { return }
        slots[index] = nil
        count -= 1
    }

    var all: [Connection] { slots.compactMap { $0 } }
}
