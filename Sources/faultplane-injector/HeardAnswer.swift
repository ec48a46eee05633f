import Base
import FaultClient
import WebClient

/// An answer to a poll, and what can be made of it.
struct HeardAnswer: Sendable {
    let answer: WebAnswer
    /// Its body, where that is JSON.
    let json: JSON?
    let meaning: Result<PollAnswer, AnswerProblem>

    init(_ answer: WebAnswer, named: Int64?) {
        self.answer = answer
        json = try? JSON(parsing: answer.body)
        meaning = Result { () throws(AnswerProblem) in
            try PollAnswer(
                status: answer.status,
                headers: answer.headers.map { (name: $0.name, value: $0.value) },
                body: answer.body,
                named: named
            )
        }
    }

    /// How long the server wants to be left alone.
    var retryAfter: Duration? {
        answer["Retry-After"].flatMap { Int64($0) }.flatMap { (0...86_400).contains($0) ? .seconds($0) : nil }
    }

    /// An answer that is no success, in the server's words.
    static func refusal(_ answer: WebAnswer) -> String {
        let message = (try? JSON(parsing: answer.body))?["message"]?.text
        return "status \(answer.status)\(message.map { ": \($0)" } ?? "")"
    }
}
