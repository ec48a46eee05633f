import Base
import WebClient

/// How the sources that are elsewhere are asked: through one fleet, and by a deadline.
struct SourceClient: Sendable {
    let fleet: WebFleet
    let clock: Clock

    /// How much of an answer is read.
    static let answerLimit = 1 << 20
    /// A round ends by itself and says so of all that is still open, in one way; this is for whoever asks without one.
    private static let grace = Duration.milliseconds(200)

    /// What came of a question, and after how long.
    struct Outcome: Sendable {
        let result: Result<WebAnswer, WebError>
        let latency: Duration
    }

    func ask(_ request: WebRequest, of peer: WebPeer, by deadline: Instant) async -> Outcome {
        let began = Instant.now
        var request = request
        request.timeLimit = deadline - began + Self.grace
        request.answerLimit = Self.answerLimit
        request.cutsAnswer = true
        request.agent = "Faultplane/\(Node.version)"
        do throws(WebError) {
            let answer = try await fleet.ask(request, of: peer)
            return Outcome(result: .success(answer), latency: Instant.now - began)
        } catch {
            let latency = Instant.now - began
            // The protocol was asked for in the URL, and is one of two: what came was neither.
            if error == .failed("Unsupported protocol") {
                return Outcome(result: .failure(.failed("the answer is no HTTP")), latency: latency)
            }
            guard case .timeUp = error else { return Outcome(result: .failure(error), latency: latency) }
            return Outcome(result: .failure(.timeUp("no answer in time")), latency: latency)
        }
    }
}

extension WebAnswer {
    /// The answer of somebody who refuses: the status, and the beginning of what is said with it.
    func refusal(_ words: String? = nil) -> String {
        let said = (words ?? String(decoding: body.prefix(1_000), as: UTF8.self)).shortened(to: 160)
        return said.isEmpty ? "answered with status \(status)" : "answered with status \(status): \(said)"
    }
}

extension String {
    /// A stranger's words for a message: on one line, without what moves a cursor, and not too long.
    func shortened(to limit: Int) -> String {
        var text = ""
        var count = 0
        for scalar in unicodeScalars {
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator, .spaceSeparator, .surrogate:
                if text.isEmpty || text.hasSuffix(" ") { continue }
                text += " "
            default: text.unicodeScalars.append(scalar)
            }
            count += 1
            if count > limit { break }
        }
        if text.hasSuffix(" ") { text.removeLast() }
        return count > limit
            ? String(String.UnicodeScalarView(text.unicodeScalars.prefix(limit))) + "..." : text
    }
}

extension String {
    /// The text as a value in a query.
    var queryEncoded: String { String(decoding: PercentEncoding.encode(utf8), as: UTF8.self) }
}
