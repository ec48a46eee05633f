import CLinux
import Glibc

/// A process held by a descriptor, child of ours or not, so that its number cannot come to mean another.
package struct ProcessHandle: ~Copyable, Sendable {
    package let id: Int32
    private let descriptor: FileDescriptor

    /// Takes hold of a running process; fails with ESRCH where there is none.
    package init(of id: Int32) throws(SystemError) {
        let raw = try retrying("pidfd_open") { clinux_pidfd_open(id) }
        self.id = id
        descriptor = FileDescriptor(adopting: raw)
    }

    /// Readable once the process has ended.
    package var raw: CInt { descriptor.raw }

    /// Sends a signal; a process that has ended already is past caring.
    package func signal(_ number: CInt) throws(SystemError) {
        do throws(SystemError) {
            _ = try retrying("pidfd_send_signal") { clinux_pidfd_send_signal(raw, number) }
        } catch  where error.code == ESRCH {
            return
        }
    }

    /// Waits until it has ended or the time is up; says whether it has ended.
    package func wait(until deadline: Instant?) throws(SystemError) -> Bool {
        try Readiness.wait(for: [.readable(raw)], until: deadline) == [true]
    }

    /// Collects a child that has ended; nil where it is no child of ours, for its own parent does that.
    package func reap() -> ExitStatus? {
        var status: CInt = 0
        guard (try? retrying("waitpid") { unsafe waitpid(id, &status, 0) }) == id else { return nil }
        return ExitStatus(waitStatus: status)
    }
}

/// How a process ended.
package enum ExitStatus: Equatable, Sendable, CustomStringConvertible {
    case exited(Int32)
    case killed(signal: Int32)

    init(waitStatus: CInt) {
        let signal = waitStatus & 0x7F
        self = signal == 0 ? .exited(waitStatus >> 8 & 0xFF) : .killed(signal: signal)
    }

    package var description: String {
        switch self {
        case .exited(let code): "exit code \(code)"
        case .killed(let signal): "signal \(signal)"
        }
    }
}
