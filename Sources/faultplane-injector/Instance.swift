import Base
import FaultClient
import WebClient

/// One injector with its record: what it was told and what it did, in the order in which it happened.
///
/// Clocks are read in here, so that whoever holds the lock reads, decides and writes down as one, and the readings of a record never
/// fall. It waits for no network, only for the file.
struct Instance: Sendable {
    /// A poll that is under way.
    struct Question: Sendable {
        let number: Int64
        let poll: Poll
        let reading: ClockReading
    }

    private static let actions: Set<String> = [
        "aws:lambda:invocation-add-delay", "aws:lambda:invocation-error",
        "aws:lambda:invocation-http-integration-response",
    ]

    private let name: String
    private var injector: Injector
    private let model: InvocationModel
    private var ledger: TelemetryLedger
    private var record: RecordFile?
    private var polls: Int64 = 0
    private var invocations: Int64 = 0
    /// Why the server was not sure when it answered last.
    private var doubt: String?
    /// Why the last poll came to nothing.
    private var problem: String?
    private var shown: Standing = .unheard

    init(_ options: Options) throws(SystemError) {
        name = options.instance
        injector = Injector(target: options.target, actions: Self.actions)
        model = options.invocations
        ledger = TelemetryLedger(target: options.target, instance: options.instance, since: .now)
        if let path = options.record { record = try RecordFile(path) }
        let words = [
            JSON.Member("target", .string(options.target)), .init("instance", .string(options.instance)),
        ]
        try record?.write("start", words, at: .now)
    }

    var pause: Duration { injector.pause }

    /// A poll begins.
    mutating func asks() throws(SystemError) -> Question {
        let reading = ClockReading.now
        let poll = injector.pollBegins(at: reading)
        polls += 1
        let named = poll.named.map { JSON.integer($0) } ?? .null
        try record?.write("asked", [.init("poll", .integer(polls)), .init("named", named)], at: reading)
        return Question(number: polls, poll: poll, reading: reading)
    }

    /// It ends; the line says why it came to nothing, unless the last one said so.
    mutating func hears(
        _ outcome: Result<HeardAnswer, WebError>,
        to question: Question
    ) throws(SystemError) -> (isUnderstood: Bool, line: String?) {
        let reading = ClockReading.now
        switch outcome {
        case .failure(let error):
            try record?.write(unanswered: question.number, error.description, at: reading)
            return (false, fails(error.description, nil))
        case .success(let heard):
            try record?.write(heard, question.number, at: reading)
            switch heard.meaning {
            case .failure(let unclear):
                let reason =
                    heard.answer.isSuccess || heard.answer.status == 304
                    ? unclear.reason : HeardAnswer.refusal(heard.answer)
                return (false, fails(reason, heard.retryAfter))
            case .success(let meaning):
                learn(meaning, question, at: reading)
                problem = nil
                return (true, nil)
            }
        }
    }

    private mutating func learn(_ meaning: PollAnswer, _ question: Question, at reading: ClockReading) {
        doubt = if case .degraded(let reason, _) = meaning { reason } else { nil }
        var poll = question.poll
        // What ARN a name stands for is the server's to say, with the first document.
        if case .document(let document, _) = meaning, injector.version == nil,
            document.target.hasSuffix(":function:\(injector.target)")
        {
            injector = Injector(target: document.target, actions: Self.actions)
            poll = injector.pollBegins(at: question.reading)
        }
        injector.pollEnds(poll, meaning, at: reading)
    }

    private mutating func fails(_ reason: String, _ retryAfter: Duration?) -> String? {
        injector.pollFailed(retryAfter: retryAfter, chance: .random(in: 0...1))
        defer { problem = reason }
        return problem == reason ? nil : TerminalLine.text("no answer: \(reason)")
    }

    /// What cannot be injected as it is told, where it is time to say so.
    mutating func rejection() -> Rejection? { injector.rejection() }

    /// One invocation comes; says what it would suffer, if anything.
    mutating func invoke() throws(SystemError) -> String? {
        invocations += 1
        let (request, reading) = ("\(name)-\(invocations)", ClockReading.now)
        let injected = injector.injections(for: request, at: reading)
        let outcome = model.outcome(of: injected, chance: .random(in: 0..<1))
        ledger.count(duration: outcome.duration, isError: outcome.isError, injected: injected.map(\.id))
        let ids = JSON.array(injected.map { .string($0.id) })
        try record?.write(
            "invoked",
            [.init("request", .string(request)), .init("injected", ids)],
            at: reading
        )
        guard !injected.isEmpty else { return nil }
        let faults = injected.map { "\($0.id) \($0.actionID)" }.joined(separator: "; ")
        return TerminalLine.text("\(request): \(faults)", at: reading.wall)
    }

    /// What the server is to be told of the invocations; nil where there is nothing new.
    mutating func report() -> TelemetryReport? { ledger.report() }

    /// That report is not sent again.
    mutating func settled(_ sequence: Int64) { ledger.settled(sequence) }

    /// A line that says how things stand, where that is another way than it was.
    mutating func change() -> String? {
        let reading = ClockReading.now
        let standing = standing(at: reading)
        guard standing != shown else { return nil }
        shown = standing
        return TerminalLine.text(standing.text, at: reading.wall)
    }

    private mutating func standing(at reading: ClockReading) -> Standing {
        if let doubt { return .notSure(doubt) }
        guard let version = injector.version else { return .unheard }
        guard injector.isTrusted(at: reading) else { return .trustEnded }
        return .told(version, injector.active(at: reading))
    }

    /// The last line; nothing is written after it.
    mutating func end() -> SystemError? {
        defer { record = nil }
        do throws(SystemError) {
            try record?.write("end", [], at: .now)
            return nil
        } catch {
            return error
        }
    }
}
