import Glibc

/// Writes log lines to a descriptor from a thread of its own, so that a stalled reader never stalls an event loop.
///
/// What cannot be written in time is dropped and counted; the count is written as soon as the reader is back.
package final class LogWriter: LogSink {
    private struct Pending {
        var bytes: [UInt8] = []
        var dropped = 0
        var isWriting = false

        var isEmpty: Bool { bytes.isEmpty && dropped == 0 }
    }

    private static let limit = 4 << 20

    private let descriptor: CInt
    private let pending = Locked(Pending())

    /// `descriptor` stays the caller's; it must outlive the writer.
    package init(descriptor: CInt) throws(SystemError) {
        self.descriptor = descriptor
        try Thread.start(name: "log") { self.work() }
    }

    package func append(_ line: [UInt8]) {
        pending.withLock { pending in
            if pending.bytes.count + line.count > Self.limit {
                pending.dropped += 1
            } else {
                pending.bytes += line
            }
        }
        pending.announce()
    }

    /// Waits until everything so far is written, or the reader has stalled for a second.
    package func flush() {
        _ = pending.wait(atMost: .seconds(1)) { $0.isEmpty && !$0.isWriting }
    }

    private func work() -> Never {
        refuseBrokenPipeSignal()
        while true {
            let (bytes, dropped) = pending.waitUntil {
                !$0.isEmpty
            } then: { pending in
                defer { pending = Pending(isWriting: true) }
                return (pending.bytes, pending.dropped)
            }
            send(bytes)
            if dropped > 0 { send(Self.confession(dropped)) }
            pending.withLock { $0.isWriting = false }
            pending.announce()
        }
    }

    /// A reader that is gone must be an error of `write` on this thread, not the end of the process.
    private func refuseBrokenPipeSignal() {
        var signals = sigset_t()
        _ = unsafe sigemptyset(&signals)
        _ = unsafe sigaddset(&signals, SIGPIPE)
        _ = unsafe pthread_sigmask(SIG_BLOCK, &signals, nil)
    }

    private static func confession(_ dropped: Int) -> [UInt8] {
        JSON.object([
            .init("ts", .string(CalendarTime(.now).iso8601)), .init("level", "warning"),
            .init("msg", "log lines dropped"), .init("log.dropped", .integer(Int64(dropped))),
        ]).encoded + [UInt8(ascii: "\n")]
    }

    /// A log whose reader is gone has nobody to be told; the line is lost and the service goes on.
    private func send(_ bytes: [UInt8]) {
        var sent = 0
        while sent < bytes.count {
            let count = unsafe bytes.withUnsafeBytes { buffer in
                let rest = unsafe UnsafeRawBufferPointer(rebasing: buffer[sent...])
                return unsafe Glibc.write(descriptor, rest.baseAddress, rest.count)
            }
            if count > 0 {
                sent += count
            } else if errno != EINTR {
                return
            }
        }
    }
}
