import Base

/// A parked connection's neighbours: in the list of its key, and in the list of all by age.
///
/// -1 is nobody.
struct ParkingLinks {
    var key: UInt64 = 0
    var serial: UInt64 = 0
    var previousOfKey: Int32 = -1
    var nextOfKey: Int32 = -1
    var older: Int32 = -1
    var younger: Int32 = -1
}

/// Which connections wait for which key, oldest first.
///
/// The lists run through the connections themselves, by descriptor, so parking one allocates nothing and leaving takes
/// the same time wherever it stands.
struct ParkingLot {
    private struct Ends {
        var first: Int32
        var last: Int32
    }

    private var keys: [UInt64: Ends] = [:]
    private var oldest: Int32 = -1
    private var youngest: Int32 = -1
    private var nextSerial: UInt64 = 1
    private(set) var count = 0

    /// Those who park from now on have at least this serial.
    var horizon: UInt64 { nextSerial }

    mutating func insert(_ raw: CInt, key: UInt64, _ table: borrowing ConnectionTable) {
        guard let connection = table[raw] else { return }
        connection.links = ParkingLinks(key: key, serial: nextSerial, older: youngest)
        nextSerial += 1
        count += 1
        if youngest >= 0 { table[youngest]?.links.younger = raw } else { oldest = raw }
        youngest = raw
        if let ends = keys[key] {
            table[ends.last]?.links.nextOfKey = raw
            connection.links.previousOfKey = ends.last
            keys[key] = Ends(first: ends.first, last: raw)
        } else {
            keys[key] = Ends(first: raw, last: raw)
        }
    }

    mutating func remove(_ raw: CInt, _ table: borrowing ConnectionTable) {
        guard let connection = table[raw], connection.links.serial != 0 else { return }
        let links = connection.links
        connection.links = ParkingLinks()
        count -= 1
        if links.older >= 0 {
            table[links.older]?.links.younger = links.younger
        } else {
            oldest = links.younger
        }
        if links.younger >= 0 {
            table[links.younger]?.links.older = links.older
        } else {
            youngest = links.older
        }

        if links.previousOfKey >= 0 { table[links.previousOfKey]?.links.nextOfKey = links.nextOfKey }
        if links.nextOfKey >= 0 { table[links.nextOfKey]?.links.previousOfKey = links.previousOfKey }
        guard let ends = keys[links.key] else { return }
        let first = links.previousOfKey < 0 ? links.nextOfKey : ends.first
        let last = links.nextOfKey < 0 ? links.previousOfKey : ends.last
        // Whole values go in: changing a part in place would allocate each time.
        keys[links.key] = first < 0 ? nil : Ends(first: first, last: last)
    }

    /// The one that has waited longest, of all or of one key, if it parked before `horizon`.
    func first(of key: UInt64?, before horizon: UInt64, _ table: borrowing ConnectionTable) -> CInt? {
        let raw = key.map { keys[$0]?.first ?? -1 } ?? oldest
        guard raw >= 0, let connection = table[raw], connection.links.serial < horizon else { return nil }
        return raw
    }
}
