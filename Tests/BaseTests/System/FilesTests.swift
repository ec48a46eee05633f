import Base
import Glibc
import Testing

@Suite struct FilesTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    @Test func `no file is nil, and an empty file is empty`() throws {
        #expect(try Files.read(folder("gone")) == nil)
        try Files.replace(folder("empty"), with: [])
        #expect(try Files.read(folder("empty")) == [])
    }

    @Test func `what cannot be read is an error, not an absence`() throws {
        #expect(throws: SystemError(call: "read", code: EISDIR)) { try Files.read(folder.path) }
        try Files.replace(folder("file"), with: [1])
        #expect(throws: SystemError(call: "open", code: ENOTDIR)) { try Files.read(folder("file/below")) }
    }

    @Test func `a file over the limit is refused`() throws {
        try Files.replace(folder("file"), with: [UInt8](repeating: 1, count: 100))
        #expect(try Files.read(folder("file"), limit: 100)?.count == 100)
        #expect(throws: SystemError(call: "read", code: EFBIG)) { try Files.read(folder("file"), limit: 99) }
    }

    @Test func `a file is replaced whole, and nothing else is left`() throws {
        let long = [UInt8](repeating: 7, count: 100_000)
        try Files.replace(folder("file"), with: long)
        #expect(try Files.read(folder("file")) == long)
        try Files.replace(folder("file"), with: [1])
        #expect(try Files.read(folder("file")) == [1])
        #expect(folder.names == ["file"])
    }

    @Test(arguments: [0o600, 0o644, 0o400, 0o666] as [UInt32])
    func `the mode is as asked, whatever stood there and whatever the mask`(mode: UInt32) throws {
        let path = folder("file")
        try Files.replace(path, with: [1], mode: mode == 0o600 ? 0o644 : 0o600)
        try Files.replace(path, with: [2], mode: mode)
        #expect(try self.mode(of: path) == mode)
    }

    @Test func `a file is its owner's alone unless asked otherwise`() throws {
        try Files.replace(folder("file"), with: [])
        #expect(try mode(of: folder("file")) == 0o600)
    }

    @Test func `what a crash left half written is in nobody's way`() throws {
        try Files.replace(folder("file.new"), with: [UInt8](repeating: 9, count: 1_000), mode: 0o400)
        try Files.replace(folder("file"), with: [1])
        #expect(try Files.read(folder("file")) == [1])
        #expect(try mode(of: folder("file")) == 0o600)
        #expect(folder.names == ["file"])
    }

    @Test func `a replacement that fails leaves the old file and no other`() throws {
        try Files.makeFolder(folder("taken/full"))
        #expect(throws: SystemError(call: "rename", code: EISDIR)) {
            try Files.replace(folder("taken"), with: [1])
        }
        #expect(folder.names == ["taken"])
        #expect(throws: SystemError(call: "open", code: ENOENT)) {
            try Files.replace(folder("gone/file"), with: [1])
        }
        #expect(folder.names == ["taken"])
    }

    @Test func `a reader sees the old bytes or the new ones`() throws {
        let path = folder("file")
        let contents = [1, 2].map { [UInt8](repeating: $0, count: 50_000) }
        try Files.replace(path, with: contents[0])
        let isDone = Locked(false)
        try Thread.start(name: "writer") {
            for round in 0..<200 { try? Files.replace(path, with: contents[round % 2]) }
            isDone.withLock { $0 = true }
        }
        var reads = 0
        while !isDone.withLock({ $0 }) || reads < 10 {
            let seen = try Files.read(path)
            if seen != contents[0], seen != contents[1] {
                Issue.record("\(seen?.count ?? -1) bytes that nobody wrote")
                break
            }
            reads += 1
        }
    }

    @Test func `folders are made down to the last, and again`() throws {
        let path = folder("a/b//c/")
        try Files.makeFolder(path)
        try Files.makeFolder(path)
        #expect(Files.exists(folder("a/b/c")))
        #expect(try mode(of: folder("a/b/c")) == 0o700)
    }

    @Test func `a folder that stands keeps its mode`() throws {
        try Files.makeFolder(folder("a"), mode: 0o755)
        try Files.makeFolder(folder("a"), mode: 0o700)
        #expect(try mode(of: folder("a")) == 0o755)
    }

    @Test(arguments: ["file", "file/below"])
    func `a file where a folder should be is an error`(name: String) throws {
        try Files.replace(folder("file"), with: [])
        #expect(throws: SystemError(call: "mkdir", code: ENOTDIR)) { try Files.makeFolder(folder(name)) }
    }

    private func mode(of path: String) throws -> UInt32 {
        var status = stat()
        guard stat(path, &status) == 0 else { throw SystemError(call: "stat") }
        return status.st_mode & 0o7777
    }
}
