import Base
import FaultClient
import WebClient

/// Asks the server again and again, on a thread that may block; the lock is never held meanwhile.
struct PollLoop {
    /// What an answer may take beyond the time that the server holds it.
    private static let margin: Duration = .seconds(5)
    private static let longestAnswer = 4 << 20

    private let options: Options
    private let instance: Locked<Instance>
    private let session: WebSession

    init(_ options: Options, _ instance: Locked<Instance>) {
        self.options = options
        self.instance = instance
        session = WebSession(options.peer)
    }

    func run() -> Never {
        while true {
            _ = poll()
            let pause = instance.withLock { $0.pause }
            _ = try? Readiness.wait(for: [], until: .now + pause)
        }
    }

    /// Asks once; false where no answer came that could be understood.
    func poll() -> Bool {
        let question = keeping { instance throws(SystemError) in try instance.asks() }
        let outcome: Result<WebAnswer, WebError> = Result { () throws(WebError) in
            try session.ask(request(question.poll.named))
        }
        let heard = outcome.map { HeardAnswer($0, named: question.poll.named) }
        let (end, change, rejection) = keeping { instance throws(SystemError) in
            let end = try instance.hears(heard, to: question)
            return (end, instance.change(), instance.rejection())
        }
        for line in [end.line, change] { options.say(line) }
        if let rejection { tell(rejection) }
        return end.isUnderstood
    }

    private func request(_ named: Int64?) -> WebRequest {
        let query = "instance=\(options.instance.percentEncoded)&wait=\(options.wait)"
        let headers = named.map { [WebHeader("If-None-Match", "\"\($0)\"")] } ?? []
        var request = WebRequest("GET", "\(path)?\(query)", headers: headers)
        request.timeLimit = .seconds(options.wait) + Self.margin
        request.answerLimit = Self.longestAnswer
        return request
    }

    /// Tells the server what of a version cannot be injected as it stands; whether it hears that changes nothing here.
    private func tell(_ rejection: Rejection) {
        options.say(TerminalLine.text("rejects version \(rejection.version): \(rejection.reason)"))
        let body: JSON = [
            "instance": .string(options.instance), "version": .integer(rejection.version),
            "status": "rejected", "faults": .array(rejection.faults.map { .string($0) }),
            "reason": .string(String(rejection.reason.prefix(500))),
        ]
        let headers = [WebHeader("Content-Type", "application/json")]
        var request = WebRequest("POST", "\(path)/acks", headers: headers, body: body.encoded)
        request.timeLimit = Self.margin
        request.answerLimit = Self.longestAnswer
        let failure: String?
        do throws(WebError) {
            let answer = try session.ask(request)
            failure = answer.isSuccess ? nil : HeardAnswer.refusal(answer)
        } catch {
            failure = error.description
        }
        if let failure { Terminal.complain(TerminalLine.text("the rejection was not taken: \(failure)")) }
    }

    private var path: String { "/v1/faults/\(options.target.percentEncoded)" }

    /// Changes the instance under its lock; a record that cannot be kept ends the program, for it would prove nothing.
    private func keeping<Value: Sendable>(_ body: (inout Instance) throws(SystemError) -> Value) -> Value {
        do throws(SystemError) {
            return try instance.withLock { instance throws(SystemError) in try body(&instance) }
        } catch {
            Program.fail("the record cannot be kept: \(error)", code: 1)
        }
    }
}

extension Options {
    /// On the terminal, unless what happens is recorded instead.
    func say(_ line: String?) {
        if record == nil, let line { Terminal.say(line) }
    }
}

extension String {
    /// As one segment of a path, or one value of a query.
    var percentEncoded: String {
        var text = ""
        for byte in utf8 {
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "-"), UInt8(ascii: "."),
                UInt8(ascii: "_"),
                UInt8(ascii: "~"):
                text.unicodeScalars.append(Unicode.Scalar(byte))
            default: text += "%" + Hex.encode([byte]).uppercased()
            }
        }
        return text
    }
}
