import Base
import Glibc
import Testing

@Suite struct SlotFileTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private var path: String { "\(folder.path)/slots" }

    private func opened() throws -> SlotFile { try SlotFile(path, capacity: 4_000) }

    /// Changes one byte of the file.
    private func damage(at place: Int) throws {
        var bytes = try #require(try Files.read(path))
        bytes[place] ^= 0xFF
        try Files.replace(path, with: bytes)
    }

    @Test func keepsTheLastWrite() throws {
        let file = try opened()
        #expect(file.contents == nil && !file.isDamaged)
        for text in ["one", "two", "three", ""] {
            try file.write(Array(text.utf8), durably: text.count == 3)
            #expect(file.contents == Array(text.utf8))
            #expect(try opened().contents == Array(text.utf8))
        }
    }

    @Test func neverGrows() throws {
        let file = try opened()
        let size = try Files.read(path)?.count
        try file.write([UInt8](repeating: 7, count: file.capacity), durably: true)
        #expect(try Files.read(path)?.count == size && size == 8_192)
        #expect(throws: SystemError(call: "write", code: EFBIG)) {
            try file.write([UInt8](repeating: 7, count: file.capacity + 1), durably: true)
        }
    }

    @Test(arguments: [0, 15, 20, 50])
    func aTornSlotLeavesTheOneBefore(place: Int) throws {
        let file = try opened()
        try file.write(Array("before".utf8), durably: true)
        try file.write(Array("after".utf8), durably: true)
        // The second write went to the first slot.
        try damage(at: place)
        let left = try opened()
        #expect(left.contents == Array("before".utf8) && !left.isDamaged)
        try left.write(Array("again".utf8), durably: true)
        #expect(try opened().contents == Array("again".utf8))
    }

    @Test func saysThatNothingIsWhole() throws {
        try opened().write(Array("only".utf8), durably: true)
        try damage(at: 4_096 + 48)
        let left = try opened()
        #expect(left.contents == nil && left.isDamaged)
    }
}
