import Base
import Experiments
import WebClient

/// Whatever answers at a URL.
///
/// Whoever is not reached cannot be read; an answer of another status, or one that is too late, is a breach.
struct HTTPSource: ConditionSource {
    let client: SourceClient

    func read(
        _ inquiries: [Inquiry],
        by deadline: Instant,
        _ answer: @escaping @Sendable (Inquiry, Reading) -> Void
    ) async {
        await withDiscardingTaskGroup { group in
            for inquiry in inquiries {
                guard case .http(let question) = inquiry.question else { continue }
                group.addTask { answer(inquiry, await reading(question, by: deadline)) }
            }
        }
    }

    private func reading(_ question: HTTPQuestion, by deadline: Instant) async -> Reading {
        guard let url = WebURL(question.url) else {
            return Reading(.unreadable, "\(question.url.quoted) is no URL that can be asked", latency: .zero)
        }
        var request = WebRequest("GET", url.path, headers: [WebHeader("Accept", "*/*")])
        request.patience = question.within
        // Who waits for a redirect wants to see it.
        request.redirects = question.statuses.overlaps(300...399) ? 0 : 3
        let outcome = await client.ask(request, of: WebPeer(.url(url.origin)), by: deadline)
        return question.reading(outcome.result, latency: outcome.latency)
    }
}

extension HTTPQuestion {
    /// What an answer, or its absence, means.
    func reading(_ result: Result<WebAnswer, WebError>, latency: Duration) -> Reading {
        let answer: WebAnswer
        switch result {
        case .success(let came): answer = came
        case .failure(.tooSlow):
            let limit = within?.millisecondsText ?? "its time"
            return Reading(.breached, "no answer within \(limit)", latency: latency)
        case .failure(let error):
            return Reading(.unreadable, error.description.shortened(to: 200), latency: latency)
        }
        guard statuses.contains(answer.status) else {
            let span =
                statuses.count == 1
                ? "\(statuses.lowerBound)" : "\(statuses.lowerBound)-\(statuses.upperBound)"
            return Reading(.breached, "status \(answer.status)", threshold: "not \(span)", latency: latency)
        }
        guard expectation != nil || tolerance != nil else {
            return Reading(.clear, "status \(answer.status)", latency: latency)
        }
        do throws(SourceFailure) {
            return try measured(answer, latency: latency)
        } catch {
            return Reading(.unreadable, error.reason, latency: latency)
        }
    }

    private func measured(_ answer: WebAnswer, latency: Duration) throws(SourceFailure) -> Reading {
        if answer.isCut { throw SourceFailure("the answer is longer than \(SourceClient.answerLimit) bytes") }
        let json: JSON
        do throws(JSONError) {
            json = try JSON(parsing: answer.body)
        } catch {
            throw SourceFailure("the answer is no JSON: \(error.reason)")
        }
        if let expectation {
            let found = try expectation.found(in: json)
            if !found.holds || tolerance == nil {
                return Reading(
                    found.holds ? .clear : .breached,
                    found.text,
                    threshold: "not \(expectation.comparison.rawValue) \(expectation.operand.text)",
                    latency: latency
                )
            }
        }
        guard let tolerance else { return Reading(.clear, "status \(answer.status)", latency: latency) }
        let pointer = pointer ?? ""
        guard let number = json.value(at: pointer)?.double else {
            throw SourceFailure(
                pointer.isEmpty ? "the answer is no number" : "there is no number at \(pointer.quoted)"
            )
        }
        return Reading(
            tolerance.accepts(number) ? .clear : .breached,
            number.plain,
            threshold: tolerance.breach,
            latency: latency
        )
    }
}

extension HTTPQuestion.Expectation {
    /// What stands at the pointer, and whether that is as it should be.
    fileprivate func found(in json: JSON) throws(SourceFailure) -> (holds: Bool, text: String) {
        guard let value = json.value(at: pointer) else {
            throw SourceFailure("there is nothing at \(pointer.quoted)")
        }
        let text = "\(pointer.shortened(to: 60)) is \(value.short)"
        switch (operand, value) {
        case (.number(let wanted), _):
            guard let number = value.double else { throw SourceFailure("\(text), which is no number") }
            return (comparison.holds(number, wanted), text)
        case (.text(let wanted), .string(let found)):
            // Scalar by scalar: two texts that only look alike are two.
            let isSame = found.unicodeScalars.elementsEqual(wanted.unicodeScalars)
            return (isSame == (comparison == .equal), text)
        case (.truth(let wanted), .bool(let found)):
            return ((found == wanted) == (comparison == .equal), text)
        case (.text, _), (.truth, _):
            // Something else is there than what was meant, and so it is different.
            return (comparison == .different, text)
        }
    }
}

extension HTTPQuestion.Expectation.Operand {
    fileprivate var text: String {
        switch self {
        case .number(let number): number.plain
        case .text(let text): text.quoted
        case .truth(let truth): "\(truth)"
        }
    }
}

extension JSON {
    /// The value in a few words.
    fileprivate var short: String {
        switch self {
        case .string(let text): text.quoted
        case .null, .bool, .integer, .number: String(decoding: encoded, as: UTF8.self)
        case .array, .object: kind
        }
    }
}

extension Duration {
    /// Such as `800 ms`, or `2 s` from there on.
    var millisecondsText: String {
        let milliseconds = nanoseconds / 1_000_000
        return milliseconds < 1_000 ? "\(milliseconds) ms" : secondsText
    }
}
