/// Writes JSON lines: a constant message, and fields with dotted names.
package struct Logger: Sendable {
    /// How much a line matters.
    package enum Level: String, Comparable, CaseIterable, Sendable {
        case debug, info, warning, error

        package static func < (left: Level, right: Level) -> Bool { left.rank < right.rank }

        private var rank: Int {
            switch self {
            case .debug: 0
            case .info: 1
            case .warning: 2
            case .error: 3
            }
        }
    }

    /// One named value of a line.
    package struct Field: Sendable {
        package let name: StaticString
        package let value: JSON

        package static func field(_ name: StaticString, _ value: some LogValue) -> Field {
            Field(name: name, value: value.logged)
        }
    }

    private let sink: any LogSink
    private let minimum: Level
    private let clock: Clock
    private var fields: [Field] = []

    package init(sink: any LogSink, minimum: Level = .info, clock: Clock = .system) {
        self.sink = sink
        self.minimum = minimum
        self.clock = clock
    }

    /// The same logger, with these fields on every line.
    package func with(_ added: Field...) -> Logger {
        var copy = self
        copy.fields += added
        return copy
    }

    package func debug(_ message: StaticString, _ fields: Field...) { write(.debug, message, fields) }
    package func info(_ message: StaticString, _ fields: Field...) { write(.info, message, fields) }
    package func warning(_ message: StaticString, _ fields: Field...) { write(.warning, message, fields) }
    package func error(_ message: StaticString, _ fields: Field...) { write(.error, message, fields) }

    private func write(_ level: Level, _ message: StaticString, _ own: [Field]) {
        guard level >= minimum else { return }
        var members: [JSON.Member] = [
            JSON.Member("ts", .string(CalendarTime(clock.wall()).iso8601)),
            JSON.Member("level", .string(level.rawValue)),
            JSON.Member("msg", .string("\(message)")),
        ]
        for field in fields + own { members.append(JSON.Member("\(field.name)", field.value)) }
        var line: [UInt8] = []
        JSON.object(members).write(to: &line)
        line.append(UInt8(ascii: "\n"))
        sink.append(line)
    }
}
