import Base
import Glibc
import Testing

@Suite struct ProcessHandleTests {
    private func start(_ path: String, _ arguments: [String]) throws -> ProcessHandle {
        try Command(path, arguments).start(output: STDERR_FILENO)
    }

    @Test func `a process is seen running, signalled, seen ended and collected`() throws {
        let process = try start("/bin/sleep", ["60"])
        #expect(try process.wait(until: .now + .milliseconds(20)) == false)
        try process.signal(SIGTERM)
        #expect(try process.wait(until: .now + .seconds(10)))
        #expect(process.reap() == .killed(signal: SIGTERM))
        #expect(process.reap() == nil)
        // What has ended is past caring.
        try process.signal(SIGTERM)
    }

    @Test func `one that is no child of ours is held as well, and not collected`() throws {
        let process = try ProcessHandle(of: getppid())
        #expect(try process.wait(until: .now) == false)
        #expect(process.id == getppid())
    }

    @Test func `there is no process of a number that none has`() {
        #expect(throws: SystemError(call: "pidfd_open", code: ESRCH)) { _ = try ProcessHandle(of: 4_194_305) }
    }

    @Test func `a readiness says which descriptors are ready, and keeps its time`() throws {
        let pipe = try Pipe()
        let other = try Pipe()
        try pipe.writeEnd.writeAll([1])
        let interests: [Readiness.Interest] = [.readable(other.readEnd.raw), .readable(pipe.readEnd.raw)]
        #expect(try Readiness.wait(for: interests, until: nil) == [false, true])
        #expect(try Readiness.wait(for: [.readableOrWritable(other.writeEnd.raw)], until: nil) == [true])
        let start = Instant.now
        #expect(
            try Readiness.wait(for: [.readable(other.readEnd.raw)], until: start + .milliseconds(30)) == [
                false
            ]
        )
        #expect(Instant.now >= start + .milliseconds(30))
    }
}
