/// A condition as somebody wrote it, in a stop condition or in a probe, before it is understood.
struct WrittenCondition {
    /// What is wrong with one of its members, in words to stand behind that member's place.
    struct Problem: Equatable {
        let member: String
        let text: String

        init(_ member: String, _ text: String) {
            self.member = member
            self.text = text
        }
    }

    let source: StopConditionSource
    /// As it was given, with the spaces around it; nil where there is none.
    let value: String?
    var requires: String?
    var tolerance: Tolerance?
    var pointer: String?
    var persistence: WrittenPersistence

    /// What it asks and when its answers count; nil where nothing is asked, or something is wrong.
    ///
    /// `targets` are the names that a question about targets may use, where they are known.
    func read(
        _ name: String,
        targets: Set<String>? = nil,
        _ problems: inout [Problem]
    ) -> Condition? {
        let before = problems.count
        let question = question(&problems)
        let asked: TelemetryQuestion? =
            if case .telemetry(let telemetry) = question { telemetry } else { nil }
        if let asked, let targets { check(asked, among: targets, &problems) }
        let persistence = persistence.read(besides: asked?.hold ?? .zero, &problems)
        guard let question, problems.count == before else { return nil }
        return Condition(
            name: name,
            source: source,
            value: value?.trimmed ?? "",
            question: question,
            persistence: persistence
        )
    }

    /// A name that no target has would be a question that nobody ever answers.
    private func check(_ asked: TelemetryQuestion, among targets: Set<String>, _ problems: inout [Problem]) {
        for target in asked.targets where !targets.contains(target) && ARN(target) == nil {
            problems.append(
                Problem(
                    "value",
                    "is about \(target.quoted): the name of a target of the template or the ARN of one is accepted"
                )
            )
        }
    }
}

extension WrittenCondition {
    private func question(_ problems: inout [Problem]) -> Question? {
        if source == .none { return nothing(&problems) }
        if source != .prometheus, requires != nil {
            problems.append(Problem("requires", "is given: only the source prometheus has it"))
        }
        checkTolerance(&problems)
        guard let value else {
            problems.append(Problem("value", "is missing: \(source.accepted) is accepted"))
            return nil
        }
        do throws(ConditionProblem) {
            return try understood(value.trimmed, &problems)
        } catch {
            problems.append(Self.placed(error, in: value, "value"))
            return nil
        }
    }

    private func nothing(_ problems: inout [Problem]) -> Question? {
        if let value {
            problems.append(Problem("value", "is \(value.trimmed.quoted): \(source.accepted) is accepted"))
        }
        let given = [
            ("requires", requires != nil), ("for", persistence.hold != nil),
            ("breaches", persistence.breaches != nil), ("of", persistence.of != nil),
        ]
        for (member, _) in given.filter(\.1) {
            problems.append(Problem(member, "is given for the source none, which watches nothing"))
        }
        return nil
    }

    private func understood(
        _ value: String,
        _ problems: inout [Problem]
    ) throws(ConditionProblem) -> Question? {
        switch source {
        case .none: return nil
        case .cloudWatchAlarm: return .cloudWatchAlarm(try CloudWatchQuestion(value))
        case .alarm: return .alarm(try AlarmQuestion(value))
        case .prometheus:
            var question = try PrometheusQuestion(value)
            question.requires = required(&problems)
            question.tolerance = tolerance
            return .prometheus(question)
        case .http:
            var question = try HTTPQuestion(value)
            (question.pointer, question.tolerance) = (pointer, tolerance)
            return .http(question)
        case .telemetry:
            var question = try TelemetryQuestion(value, needsComparison: tolerance == nil)
            question.tolerance = tolerance
            if tolerance != nil, question.comparison != nil {
                problems.append(
                    Problem("tolerance", "is given beside the comparison of value: one of them is accepted")
                )
            }
            return .telemetry(question)
        }
    }

    /// The second expression, held to what the first is held to.
    private func required(_ problems: inout [Problem]) -> String? {
        guard let requires else { return nil }
        do throws(ConditionProblem) {
            return try PrometheusQuestion(requires.trimmed).expression
        } catch {
            problems.append(Self.placed(error, in: requires, "requires"))
            return nil
        }
    }

    private func checkTolerance(_ problems: inout [Problem]) {
        switch source {
        case .none, .prometheus, .telemetry:
            if pointer != nil { problems.append(Problem("pointer", "is given: only the source http has it")) }
        case .http:
            if tolerance != nil, pointer == nil {
                problems.append(
                    Problem(
                        "pointer",
                        "is missing: a JSON pointer to the number that the tolerance is for is accepted"
                    )
                )
            }
            guard let pointer else { return }
            if !Self.isPointer(pointer) {
                problems.append(
                    Problem(
                        "pointer",
                        "is \(pointer.quoted): a JSON pointer such as /queue/length is accepted"
                    )
                )
            } else if tolerance == nil {
                problems.append(
                    Problem("pointer", "is given without a tolerance: only with that is it accepted")
                )
            }
        case .cloudWatchAlarm, .alarm:
            if pointer != nil { problems.append(Problem("pointer", "is given: only the source http has it")) }
            if tolerance != nil {
                problems.append(Problem("tolerance", "is given: an alarm has a state and no number"))
            }
        }
    }

    /// Whether a text is a JSON pointer (RFC 6901).
    private static func isPointer(_ text: String) -> Bool {
        guard text.isEmpty || text.hasPrefix("/") else { return false }
        var rest = text[...]
        while let tilde = rest.firstIndex(of: "~") {
            rest = rest[rest.index(after: tilde)...]
            guard rest.first == "0" || rest.first == "1" else { return false }
        }
        return true
    }

    /// Points at the character as people count, from 1, in the text as it was written; at the first there is nothing to point at.
    private static func placed(_ problem: ConditionProblem, in written: String, _ member: String) -> Problem {
        guard let offset = problem.offset, offset > 0 else {
            return Problem(member, "is \(written.trimmed.quoted): \(problem.message)")
        }
        let spaces = written.prefix(while: \.isWhitespace).count
        let rest = String(written.trimmed.dropFirst(offset))
        let place = rest.isEmpty ? "the end" : rest.excerpt
        return Problem(member, ", character \(spaces + offset + 1), at \(place): \(problem.message)")
    }
}

extension String {
    /// Its beginning in quotes, so that somebody finds the place.
    fileprivate var excerpt: String { count <= 32 ? quoted : (String(prefix(32)) + "…").quoted }
}

extension WrittenCondition.Problem {
    /// The whole sentence but its full stop.
    func message(at place: String) -> String { text.hasPrefix(",") ? place + text : "\(place) \(text)" }
}
