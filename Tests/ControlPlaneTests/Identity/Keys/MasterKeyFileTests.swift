import Base
import ControlPlane
import Testing

@Suite struct MasterKeyFileTests {
    let folder = TemporaryFolder()

    private func write(_ text: String, mode: Int = 0o600) throws -> String {
        let path = folder.path + "/master-key"
        try Files.replace(path, with: Array(text.utf8), mode: UInt32(mode))
        return path
    }

    @Test func `it is made once and read ever after`() throws {
        let path = folder.path + "/master-key"
        let made = try MasterKey.loadOrCreate(path)
        let read = try MasterKey.loadOrCreate(path)
        #expect(made.checkValue == read.checkValue)
        #expect(try MasterKey.load(path).checkValue == made.checkValue)
        let (mode, bytes) = try #require(try Files.readWithMode(path))
        #expect(mode == 0o600)
        #expect(bytes.count == 65)
        #expect(folder.names == ["master-key"])
    }

    @Test func `many servers starting at once agree on one`() async throws {
        let path = folder.path + "/master-key"
        let values = try await withThrowingTaskGroup(of: String.self) { group in
            for _ in 0..<32 { group.addTask { try MasterKey.loadOrCreate(path).checkValue } }
            return try await group.reduce(into: Set<String>()) { $0.insert($1) }
        }
        #expect(values.count == 1)
        #expect(folder.names == ["master-key"])
    }

    @Test func `a missing file is made only where that is asked for`() {
        let path = folder.path + "/master-key"
        #expect(throws: MasterKeyFailure.missing(path)) { try MasterKey.load(path) }
        #expect(!Files.exists(path))
    }

    @Test(arguments: [0o640, 0o604, 0o660, 0o610]) func `one that others can reach is refused`(
        _ mode: Int
    ) throws {
        let path = try write(String(repeating: "ab", count: 32), mode: mode)
        let failure = MasterKeyFailure.readableByOthers(path, mode: UInt32(mode))
        #expect(throws: failure) { try MasterKey.loadOrCreate(path) }
        #expect(failure.description.contains("chmod 600"))
        #expect(failure.description.contains("0" + String(mode, radix: 8)))
    }

    @Test(arguments: [0, 2, 62, 66]) func `one of another length is refused`(_ digits: Int) throws {
        let path = try write(String(repeating: "a", count: digits) + "\n")
        #expect(throws: MasterKeyFailure.wrongLength(path, digits: digits)) {
            try MasterKey.loadOrCreate(path)
        }
    }

    @Test(arguments: ["g", "a", "ab ab", " ab"]) func `one that is not hexadecimal is refused`(
        _ text: String
    ) throws {
        let path = try write(text)
        #expect(throws: MasterKeyFailure.notHexadecimal(path)) { try MasterKey.loadOrCreate(path) }
    }

    @Test func `one that cannot be read is refused with the reason`() {
        let failure = #expect(throws: MasterKeyFailure.self) { try MasterKey.loadOrCreate(folder.path) }
        #expect(
            failure?.description == "The master key \(folder.path) cannot be read (read: Is a directory)."
        )
    }

    @Test func `one that cannot be made is refused with the reason`() {
        let path = folder.path + "/none/master-key"
        let failure = #expect(throws: MasterKeyFailure.self) { try MasterKey.loadOrCreate(path) }
        #expect(
            failure?.description
                == "The master key \(path) cannot be created (open: No such file or directory)."
        )
    }
}
