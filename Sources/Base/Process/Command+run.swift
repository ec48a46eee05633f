import CLinux
import Glibc

extension Command {
    /// What a command did and said.
    package struct Outcome: Sendable {
        package let status: ExitStatus
        /// The end of what it wrote to standard output and error.
        package let output: String

        package var isSuccess: Bool { status == .exited(0) }
    }

    /// Runs it to its end, or kills it when the time is up.
    ///
    /// Blocks, so never on an event loop or a shared pool.
    package func run(timeLimit: Duration, outputLimit: Int = 16_384) throws(SystemError) -> Outcome {
        let deadline = Instant.now + timeLimit
        let pipe = try Pipe()
        let process = try start(output: pipe.writeEnd.raw)
        let readEnd = pipe.closeWriteEnd()
        var tail: [UInt8] = []
        while true {
            let ready = try Readiness.wait(
                for: [.readable(readEnd.raw), .readable(process.raw)],
                until: deadline
            )
            if ready.first == true {
                let bytes = try readEnd.read(upTo: 4_096)
                tail = (tail + bytes).suffix(outputLimit)
                if !bytes.isEmpty, Instant.now < deadline { continue }
            }
            if ready == [false, false] { try process.signal(SIGKILL) }
            // Its output has ended, it has ended, or it has just been killed: what is left is to wait for its end.
            if try !process.wait(until: deadline) { try process.signal(SIGKILL) }
            _ = try process.wait(until: nil)
            let status = process.reap() ?? .killed(signal: SIGKILL)
            return Outcome(status: status, output: String(decoding: tail, as: UTF8.self))
        }
    }
}
