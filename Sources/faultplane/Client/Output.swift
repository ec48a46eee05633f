import Base

/// How answers are shown to people.
enum Output {
    static func json(_ value: JSON) { print(String(decoding: value.encoded, as: UTF8.self)) }

    /// A moment to the second in UTC; a dash where there is none.
    static func time(_ value: JSON?) -> String {
        guard let seconds = value?.double else { return "-" }
        return CalendarTime(Timestamp(seconds: seconds)).iso8601.prefix(19) + "Z"
    }
}
