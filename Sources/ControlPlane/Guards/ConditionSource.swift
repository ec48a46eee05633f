import Base
import Experiments

/// A question with all that its answer depends on: two that are equal are asked once, for whoever asked.
struct Inquiry: Hashable, Sendable {
    let question: Question
    /// Whose alarms and figures are meant; nil where the answer is the same for everybody.
    let scope: Scope?

    struct Scope: Hashable, Sendable {
        let account: AccountID
        /// The ARNs that are meant; empty where that is no question.
        let targets: [String]
    }

    init(_ question: Question, scope: Scope? = nil) {
        self.question = question
        self.scope = scope
    }

    /// Text by text also byte by byte: what only looks alike is asked by itself.
    static func == (left: Inquiry, right: Inquiry) -> Bool {
        left.question == right.question && left.scope == right.scope
            && left.question.texts.elementsEqual(right.question.texts) { $0.utf8.elementsEqual($1.utf8) }
    }
}

extension Question {
    /// What in it may be spelled in several ways that Swift holds for one.
    fileprivate var texts: [String] {
        switch self {
        case .cloudWatchAlarm(let question): [question.arn]
        case .prometheus(let question): [question.expression, question.requires ?? ""]
        case .http(let question):
            [question.url, question.pointer ?? "", question.expectation?.pointer ?? ""]
                + [question.expectation?.operand.text].compactMap(\.self)
        case .alarm(let question): [question.name]
        case .telemetry(let question): question.targets
        }
    }
}

extension HTTPQuestion.Expectation.Operand {
    fileprivate var text: String? { if case .text(let text) = self { text } else { nil } }
}

/// What a source said to one question.
struct Reading: Equatable, Sendable {
    enum Finding: String, Equatable, Sendable {
        case clear
        case breached
        /// Nothing was said that can be believed.
        case unreadable
    }

    var finding: Finding
    /// What was read, in few words, such as `0.31` or `ALARM`; why not, where it could not be.
    var value: String
    /// What it was held against, such as `> 0.2`; empty where the value speaks for itself.
    var threshold: String
    var latency: Duration

    init(_ finding: Finding, _ value: String, threshold: String = "", latency: Duration) {
        self.finding = finding
        self.value = value
        self.threshold = threshold
        self.latency = latency
    }
}

/// Somebody who can be asked how things stand.
protocol ConditionSource: Sendable {
    /// Asks everything that is asked of it in one round, and hands each answer on as soon as it is there.
    ///
    /// What has no answer by the deadline is given up by whoever asks; this returns no later than a moment after it. An answer may be
    /// handed on from any thread.
    func read(
        _ inquiries: [Inquiry],
        by deadline: Instant,
        _ answer: @escaping @Sendable (Inquiry, Reading) -> Void
    ) async
}

/// All sources of a node, by what is asked.
struct ConditionSources: Sendable {
    var cloudWatch: any ConditionSource
    var prometheus: any ConditionSource
    var http: any ConditionSource
    var alarms: any ConditionSource
    var telemetry: any ConditionSource

    func source(of question: Question) -> any ConditionSource {
        switch question {
        case .cloudWatchAlarm: cloudWatch
        case .prometheus: prometheus
        case .http: http
        case .alarm: alarms
        case .telemetry: telemetry
        }
    }
}
