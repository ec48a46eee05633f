import Base

/// How answers are shown to people.
enum Output {
    static func json(_ value: JSON) { print(String(decoding: value.encoded, as: UTF8.self)) }

    /// A moment to the second in UTC; a dash where there is none.
    static func time(_ value: JSON?) -> String { time(value?.double.map { Timestamp(seconds: $0) }) }

    static func time(_ value: Timestamp?) -> String {
        value.map { CalendarTime($0).iso8601.prefix(19) + "Z" } ?? "-"
    }

    /// A length of time in its two largest units, whole seconds at least.
    static func length(_ value: Duration) -> String {
        let seconds = max(0, value.nanoseconds / 1_000_000_000)
        let (hours, minutes) = (seconds / 3_600, seconds / 60 % 60)
        if hours > 0 { return minutes > 0 ? "\(hours) h \(minutes) min" : "\(hours) h" }
        if minutes > 0 { return seconds % 60 > 0 ? "\(minutes) min \(seconds % 60) s" : "\(minutes) min" }
        return "\(seconds) s"
    }

    /// How long something still takes: a second that has begun counts.
    static func left(_ value: Duration) -> String { length(value + .nanoseconds(999_999_999)) }

    /// What others wrote, without the characters that would move a terminal's cursor or change its colours.
    static func printable(_ text: String) -> String {
        String(String.UnicodeScalarView(text.unicodeScalars.map { isControl($0) ? "?" : $0 }))
    }

    private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator: true
        default: false
        }
    }
}
