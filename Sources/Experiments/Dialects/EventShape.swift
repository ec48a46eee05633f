import Base

/// Where the events of a function say when they were sent, so that a library which can look into them ends a fault by itself.
package enum EventShape: String, CaseIterable, Sendable {
    /// API Gateway's HTTP APIs and function URLs: `requestContext.timeEpoch`, in milliseconds.
    case httpAPI = "http-api"
    /// API Gateway's REST APIs: `requestContext.requestTimeEpoch`, in milliseconds.
    case restAPI = "rest-api"
    /// EventBridge: `time`, such as 2026-11-21T10:00:00Z.
    case eventBridge = "eventbridge"

    /// The attribute of a target that declares it.
    package static let attribute = "eventShape"

    var path: String {
        switch self {
        case .httpAPI: "requestContext.timeEpoch"
        case .restAPI: "requestContext.requestTimeEpoch"
        case .eventBridge: "time"
        }
    }

    /// How events of that moment write it.
    func written(_ moment: Timestamp) -> String {
        switch self {
        case .httpAPI, .restAPI: String(max(moment.nanoseconds, 0) / 1_000_000)
        case .eventBridge:
            // EventBridge writes no fractions of a second.
            CalendarTime(moment).iso8601.prefix { $0 != "." } + "Z"
        }
    }
}

/// Until when a library does what it read, whatever becomes of us: a condition on the time in each event.
///
/// So a copy that a library keeps for good does nothing to events that are sent after its fault's end, or more than 75 seconds after it
/// was read.
struct EventExpiry: Equatable, Sendable {
    /// The steps in which the end moves on, so that what is told does not change at each reading.
    private static let step: Int64 = 15_000_000_000

    private let shape: EventShape
    private let end: Timestamp
    /// From when on a reading has another.
    let renewAt: Timestamp?

    init(_ shape: EventShape, end: Timestamp, now: Timestamp) {
        self.shape = shape
        let grid = Timestamp(nanoseconds: (now.nanoseconds / Self.step + 1) * Self.step)
        let limit = grid + Dialect.cacheTime
        self.end = min(end, limit)
        renewAt = limit < end ? grid : nil
    }

    var condition: JSON {
        [
            "path": .string(shape.path), "operator": "regex",
            "value": .string(EarlierPattern.of(shape.written(end))),
        ]
    }
}

/// A regular expression for all texts of one form that sort before a given one.
enum EarlierPattern {
    /// Letters and signs of `bound` stand for themselves; for each digit, what is alike up to there and smaller in it.
    static func of(_ bound: String) -> String {
        let characters = Array(bound)
        var alternatives: [String] = []
        for (place, character) in characters.enumerated() {
            guard let digit = character.wholeNumberValue, digit > 0 else { continue }
            let same = String(characters[..<place])
            let rest = characters[(place + 1)...]
            alternatives.append("\(same)[0-\(digit - 1)]\(form(of: rest))")
        }
        return "^(\(alternatives.joined(separator: "|")))$"
    }

    private static func form(of rest: ArraySlice<Character>) -> String {
        if !rest.isEmpty, rest.allSatisfy(\.isNumber) { return "[0-9]{\(rest.count)}" }
        // What follows has a form of its own, which decides nothing any more.
        return rest.isEmpty ? "" : ".{\(rest.count)}"
    }
}
