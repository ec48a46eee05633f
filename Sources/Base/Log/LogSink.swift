/// Where finished log lines go.
package protocol LogSink: Sendable {
    /// Takes one line with its line end. Must not wait: event loops call it.
    func append(_ line: [UInt8])
}

/// Drops every line; for pieces whose owner does not care.
package struct NoLog: LogSink {
    package init() {}
    package func append(_ line: [UInt8]) {}
}

/// Keeps every line; tests ask it what was logged, and what was not.
package final class MemoryLog: LogSink {
    private let lines = Locked<[String]>([])

    package init() {}

    package func append(_ line: [UInt8]) {
        let text = String(decoding: line, as: UTF8.self)
        lines.withLock { $0.append(text) }
    }

    package var all: [String] { lines.withLock { $0 } }
}
