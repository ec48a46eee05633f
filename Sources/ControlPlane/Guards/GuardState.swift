import Base
import Experiments
import SafetyLever

/// How a guard's conditions stand, as it is kept in the database from one look to the next, whichever node looks.
struct GuardState: Equatable, Sendable {
    /// One condition with the last that was read of it.
    struct Entry: Equatable, Sendable {
        var name: String
        var source: String
        var value: String
        var state = ConditionState()
        /// Nil before the first look.
        var last: Reading?
        var verdict: ConditionVerdict?
    }

    var entries: [Entry]
    /// What else is remembered, by whoever looks after it.
    var extra: JSON = .null

    /// As it was kept, of these conditions; one that was not looked at yet begins anew.
    init(_ json: JSON, of conditions: [Condition]) {
        let kept = GuardState(json).entries
        entries = conditions.enumerated().map { place, condition in
            var entry = Entry(name: condition.name, source: condition.source.rawValue, value: condition.value)
            if kept.indices.contains(place), kept[place].name == condition.name {
                entry.state = kept[place].state
                entry.last = kept[place].last
                entry.verdict = kept[place].verdict
            }
            return entry
        }
        extra = json["extra"] ?? .null
    }

    /// As it was kept, for whoever only shows it.
    init(_ json: JSON) {
        entries = json["conditions"]?.elements?.map { Entry($0) } ?? []
        extra = json["extra"] ?? .null
    }

    var json: JSON {
        ["extra": extra, "conditions": .array(entries.map(\.json))]
    }

    /// What the last look found, to be kept for good.
    var readings: JSON { .array(entries.map(\.reading)) }
}

extension GuardState.Entry {
    /// What cannot be understood counts as never looked at.
    fileprivate init(_ json: JSON) {
        name = json["name"]?.text ?? ""
        source = json["source"]?.text ?? ""
        value = json["value"]?.text ?? ""
        state = ConditionState(
            recent: json["recent"]?.elements?.compactMap(\.truth) ?? [],
            breachedSince: json["breachedSince"]?.whole,
            readAt: json["readAt"]?.whole,
            failedAt: json["failedAt"]?.whole
        )
        verdict = json["verdict"]?.text.flatMap { ConditionVerdict(rawValue: $0) }
        guard let finding = json["finding"]?.text.flatMap({ Reading.Finding(rawValue: $0) }) else { return }
        last = Reading(
            finding,
            json["reading"]?.text ?? "",
            threshold: json["threshold"]?.text ?? "",
            latency: .nanoseconds(json["latency"]?.whole ?? 0)
        )
    }

    fileprivate var json: JSON {
        [
            "name": .string(name), "source": .string(source), "value": .string(value),
            "recent": .array(state.recent.map { .bool($0) }), "breachedSince": .moment(state.breachedSince),
            "readAt": .moment(state.readAt), "failedAt": .moment(state.failedAt),
            "verdict": verdict.map { .string($0.rawValue) } ?? .null,
            "finding": last.map { .string($0.finding.rawValue) } ?? .null,
            "reading": last.map { .string($0.value) } ?? .null,
            "threshold": last.map { .string($0.threshold) } ?? .null,
            "latency": last.map { .integer($0.latency.nanoseconds) } ?? .null,
        ]
    }

    fileprivate var reading: JSON {
        [
            "condition": .string(name), "verdict": .string(verdict?.rawValue ?? ""),
            "reading": .string(last?.value ?? ""), "threshold": .string(last?.threshold ?? ""),
            "latencySeconds": .number(last?.latency.inSeconds ?? 0),
        ]
    }
}

extension JSON {
    fileprivate static func moment(_ nanoseconds: Int64?) -> JSON {
        nanoseconds.map { .integer($0) } ?? .null
    }
}
