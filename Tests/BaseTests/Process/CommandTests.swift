import Base
import Glibc
import Testing

@Suite struct CommandTests {
    private func shell(
        _ script: String,
        timeLimit: Duration = .seconds(10),
        outputLimit: Int = 16_384
    ) throws -> Command.Outcome {
        try Command("/bin/sh", ["-c", script]).run(timeLimit: timeLimit, outputLimit: outputLimit)
    }

    @Test func `a command's end and words come back`() throws {
        let outcome = try shell("echo out; echo err >&2; exit 3")
        #expect(outcome.status == .exited(3))
        #expect(outcome.output == "out\nerr\n")
        #expect(!outcome.isSuccess)
        #expect(try shell("kill -TERM $$").status == .killed(signal: SIGTERM))
    }

    @Test func `arguments arrive as they are, whatever is in them`() throws {
        let odd = "a b'c\"d$HOME;*\n"
        #expect(try Command("/usr/bin/printf", ["%s", odd]).run(timeLimit: .seconds(10)).output == odd)
    }

    @Test func `it has the environment and folder it was given, and nothing to read`() throws {
        let command = Command("/bin/sh", ["-c", "cat; pwd; env"], environment: ["A": "1"], folder: "/tmp")
        let output = try command.run(timeLimit: .seconds(10)).output
        #expect(Set(output.split(separator: "\n")) == ["/tmp", "A=1", "PWD=/tmp"])
    }

    @Test func `it inherits no descriptor, and no signal that we block`() throws {
        // One that another library left open, without the flag that closes it.
        let pipe = try Pipe()
        let stray = fcntl(pipe.writeEnd.raw, F_DUPFD, 50)
        #expect(stray >= 50)
        defer { close(stray) }
        #expect(try shell("ls /proc/self/fd | wc -l").output == "4\n")
        #expect(try shell("grep SigBlk /proc/self/status").output == "SigBlk:\t0000000000000000\n")
    }

    @Test(arguments: [
        "sleep 60", "while :; do echo y; done", "exec >&- 2>&-; sleep 60", "trap '' TERM; sleep 60 & wait",
    ])
    func `one that does not end in time is ended`(script: String) throws {
        let start = Instant.now
        let outcome = try shell(script, timeLimit: .milliseconds(200))
        #expect(outcome.status == .killed(signal: SIGKILL))
        #expect(Instant.now - start < .seconds(5))
    }

    @Test func `one that leaves a child with its output behind is not waited for`() throws {
        let start = Instant.now
        let outcome = try shell("sleep 60 & echo $!")
        #expect(outcome.isSuccess)
        #expect(Instant.now - start < .seconds(5))
        let child = try #require(Int32(outcome.output.prefix { $0.isNumber }))
        kill(child, SIGKILL)
    }

    @Test func `of much output the end is kept`() throws {
        let outcome = try shell("seq 1 100000", outputLimit: 12)
        #expect(outcome.output == "99999\n100000\n".suffix(12))
    }

    @Test func `a program that is not there is an error`() {
        #expect(throws: SystemError(call: "posix_spawn", code: ENOENT)) {
            try Command("/nowhere/program").run(timeLimit: .seconds(1))
        }
    }
}
