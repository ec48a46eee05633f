import Base
import Glibc
import Testing

@Suite struct FileDescriptorTests {
    @Test func `an opened file is not inherited by a child`() throws {
        let file = try FileDescriptor.open("/dev/null", O_RDONLY)
        #expect(fcntl(file.raw, F_GETFD) & FD_CLOEXEC != 0)
    }

    @Test func `it is closed when its owner goes`() throws {
        let pipe = try LoosePipe()
        // A pipe ends when its last writer is closed: no other test can take the number in between.
        do {
            let writing = FileDescriptor(adopting: pipe.writing)
            try writing.writeAll([1])
        }
        #expect(try pipe.reading.readAll(limit: 10) == [1])
    }

    @Test func `it is not closed once released`() throws {
        let pipe = try LoosePipe()
        let raw = FileDescriptor(adopting: pipe.writing).release()
        #expect(raw == pipe.writing)
        try FileDescriptor(adopting: raw).writeAll([1])
        #expect(try pipe.reading.readAll(limit: 10) == [1])
    }

    @Test func `all is written, however often the reader makes it wait`() throws {
        let pipe = try LoosePipe()
        let sent = (0..<300_000).map { UInt8(truncatingIfNeeded: $0 % 251) }
        let raw = pipe.writing
        let failure = Locked<SystemError?>(nil)
        try Thread.start(name: "writer") {
            do throws(SystemError) {
                try FileDescriptor(adopting: raw).writeAll(sent)
            } catch {
                failure.withLock { $0 = error }
            }
        }
        #expect(try pipe.reading.readAll(limit: 300_000) == sent)
        #expect(failure.withLock { $0 } == nil)
    }

    @Test func `a write that took only a part goes on with the rest`() throws {
        let pipe = try LoosePipe()
        let writing = FileDescriptor(adopting: pipe.writing)
        // The pipe takes 64 KiB, and then says so instead of waiting for its reader.
        _ = fcntl(writing.raw, F_SETFL, O_NONBLOCK)
        let error = #expect(throws: SystemError.self) {
            try writing.writeAll([UInt8](repeating: 1, count: 100_000))
        }
        #expect(error == SystemError(call: "write", code: EAGAIN))
    }

    @Test func `more than the limit is refused`() throws {
        let zeros = try FileDescriptor.open("/dev/zero", O_RDONLY)
        let error = #expect(throws: SystemError.self) { try zeros.readAll(limit: 100_000) }
        #expect(error == SystemError(call: "read", code: EFBIG))
    }

    @Test func `a full disk is an error that names the call`() throws {
        let full = try FileDescriptor.open("/dev/full", O_WRONLY)
        let error = #expect(throws: SystemError.self) { try full.writeAll([1]) }
        #expect(error == SystemError(call: "write", code: ENOSPC))
        #expect(error?.description == "write: No space left on device")
    }

    @Test func `a flag is up until it is lowered, however often it was raised`() throws {
        let flag = try EventFlag()
        #expect(!isReadable(flag.raw))
        flag.raise()
        flag.raise()
        #expect(isReadable(flag.raw))
        flag.lower()
        #expect(!isReadable(flag.raw))
        flag.lower()
        #expect(!isReadable(flag.raw))
        flag.raise()
        #expect(isReadable(flag.raw))
    }

    @Test func `a flag raised by another thread wakes who waits on descriptors`() throws {
        final class Shared: Sendable {
            let flag: EventFlag
            init() throws(SystemError) { flag = try EventFlag() }
        }
        let shared = try Shared()
        try Thread.start(name: "raiser") { shared.flag.raise() }
        #expect(isReadable(shared.flag.raw, within: .seconds(10)))
    }
}
