import Base
import Testing

@testable import HTTPServer

@Suite struct ParkingLotTests {
    /// The same as lists that anybody can check.
    private struct Model {
        var parked: [(raw: CInt, key: UInt64, serial: UInt64)] = []
        var serial: UInt64 = 1

        func first(of key: UInt64?, before horizon: UInt64) -> CInt? {
            let found = parked.first { key == nil || $0.key == key }
            return found.flatMap { $0.serial < horizon ? $0.raw : nil }
        }
    }

    @Test(arguments: UInt64(1)...20)
    func `it does as a plain list does, whatever the order of coming and going`(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        var table = ConnectionTable()
        var free = try (0..<40).map { _ in try Connection.toNowhere() }
        for connection in free { table.insert(connection) }
        var (lot, model) = (ParkingLot(), Model())
        for step in 0..<2_000 {
            if Bool.random(using: &random), !free.isEmpty {
                let connection = free.remove(at: Int.random(in: free.indices, using: &random))
                let key = UInt64.random(in: 0...5, using: &random)
                #expect(lot.horizon == model.serial)
                lot.insert(connection.raw, key: key, table)
                model.parked.append((connection.raw, key, model.serial))
                model.serial += 1
            } else if !model.parked.isEmpty {
                let index = Int.random(in: model.parked.indices, using: &random)
                let raw = model.parked.remove(at: index).raw
                lot.remove(raw, table)
                // Leaving twice is leaving once.
                lot.remove(raw, table)
                free.append(try #require(table[raw]))
            }
            let horizon = UInt64.random(in: 0...model.serial, using: &random)
            for key in [nil, 0, 1, 2, 3, 4, 5] as [UInt64?] {
                for limit in [horizon, .max] {
                    let found = lot.first(of: key, before: limit, table)
                    #expect(found == model.first(of: key, before: limit), "seed \(seed), step \(step)")
                }
            }
            #expect(lot.count == model.parked.count)
        }
    }

    @Test func `what is not in the table is not parked`() throws {
        var lot = ParkingLot()
        lot.insert(3, key: 1, ConnectionTable())
        lot.remove(3, ConnectionTable())
        #expect(lot.count == 0)
        #expect(lot.first(of: 1, before: .max, ConnectionTable()) == nil)
    }
}

@Suite struct ConnectionTableTests {
    @Test func `a connection is found by its number, and only in its own generation`() throws {
        var table = ConnectionTable()
        let (one, two) = (try Connection.toNowhere(generation: 7), try Connection.toNowhere(generation: 8))
        table.insert(one)
        table.insert(two)
        #expect(table.count == 2)
        #expect(table[one.raw] === one && table[two.raw] === two)
        #expect(table.find(one.raw, generation: 7) === one)
        #expect(table.find(one.raw, generation: 8) == nil)
        #expect(Set(table.all.map(\.raw)) == [one.raw, two.raw])
        table.remove(one.raw)
        table.remove(one.raw)
        #expect(table.count == 1)
        #expect(table[one.raw] == nil && table.find(one.raw, generation: 7) == nil)
    }

    @Test(arguments: [-1, 1_000_000, CInt.min, CInt.max])
    func `a number that no connection has finds nobody`(raw: CInt) {
        var table = ConnectionTable()
        #expect(table[raw] == nil)
        #expect(table.find(raw, generation: 0) == nil)
        table.remove(raw)
        #expect(table.count == 0)
    }
}

@Suite struct UnsentBytesTests {
    @Test(arguments: UInt64(1)...10)
    func `what is left is what was added and not taken`(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        var (unsent, model) = (UnsentBytes(), [UInt8]())
        for _ in 0..<300 {
            let piece = (0..<Int.random(in: 0...2_000, using: &random)).map { UInt8(truncatingIfNeeded: $0) }
            unsent.append(piece)
            model += piece
            let taken = Int.random(in: 0...min(model.count, 3_000), using: &random)
            unsent.drop(taken)
            model.removeFirst(taken)
            #expect(unsent.count == model.count && unsent.isEmpty == model.isEmpty)
            let same = unsent.withUnsent { span in
                span.count == model.count && span.indices.allSatisfy { span[$0] == model[$0] }
            }
            #expect(same)
        }
    }

    @Test func `a peer that always leaves a little unread does not make it grow`() {
        var unsent = UnsentBytes()
        unsent.append([UInt8](repeating: 1, count: 10_000))
        var largest = 0
        for _ in 0..<10_000 {
            unsent.append([UInt8](repeating: 1, count: 1_000))
            unsent.drop(1_000)
            largest = max(largest, unsent.footprint)
        }
        #expect(unsent.count == 10_000)
        #expect(largest < 100_000)
    }

    @Test func `more cannot be taken than there is`() {
        var unsent = UnsentBytes()
        unsent.append([1, 2, 3])
        unsent.drop(10)
        #expect(unsent.isEmpty && unsent.count == 0)
    }
}
