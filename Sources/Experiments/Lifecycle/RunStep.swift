import Base

/// What one event does to a run, gathered while it is worked out.
struct RunStep {
    /// The moment of the event.
    let now: Timestamp
    private var resolves = false
    private var toClear: [String] = []
    private var toPublish: [String] = []
    private var toAdvance: [String] = []
    private var toWatch: [String] = []
    private var recorded: [RunEvent] = []
    private var note: String?

    init(now: Timestamp) { self.now = now }

    var answer: RunAnswer {
        var answer = RunAnswer()
        if resolves { answer.effects.append(.resolveTargets) }
        if !toClear.isEmpty { answer.effects.append(.clear(toClear)) }
        if !toPublish.isEmpty { answer.effects.append(.publish(toPublish)) }
        if !toAdvance.isEmpty { answer.effects.append(.advance(toAdvance)) }
        if !toWatch.isEmpty { answer.effects.append(.watch(toWatch)) }
        answer.recorded = recorded
        answer.note = note
        return answer
    }

    mutating func resolve() { resolves = true }

    mutating func publish(_ action: String) { toPublish.append(action) }

    mutating func watch(_ guards: [String]) { toWatch += guards }

    mutating func advance(_ action: String) { toAdvance.append(action) }

    /// What this very step would have published is not published at all.
    mutating func clear(_ action: String) {
        if let place = toPublish.firstIndex(of: action) {
            toPublish.remove(at: place)
        } else {
            toAdvance.removeAll { $0 == action }
            toClear.append(action)
        }
    }

    mutating func record(_ event: RunEvent) { recorded.append(event) }

    mutating func explain(_ note: String) { self.note = note }
}
