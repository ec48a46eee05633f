package import Base

/// Why an answer cannot be understood.
///
/// It is then as if none had come: what was held goes on for as long as it is trusted.
package struct AnswerProblem: Error, Equatable, Sendable {
    package let reason: String
    init(_ reason: String) { self.reason = reason }
}

/// What the server says of one answer beside its content.
package struct AnswerTerms: Equatable, Sendable {
    /// How long the answer may be trusted, counted from when it was given.
    package var lease: Duration
    /// How long the server held the request before it answered.
    package var held: Duration
    /// The server's clock when it answered, in nanoseconds since 1970.
    package var time: Timestamp
    /// When it wants to be asked again.
    package var nextPoll: Duration
}

/// An answer to a poll.
package enum PollAnswer: Equatable, Sendable {
    case document(TargetDocument, AnswerTerms)
    /// What the request named is still what there is.
    case unchanged(version: Int64, AnswerTerms)
    /// The server is not sure of anything: nothing is to be injected.
    case degraded(reason: String, nextPoll: Duration)

    /// Reads what came over HTTP; `named` is the version that the request named.
    package init(
        status: Int,
        headers: [(name: String, value: String)],
        body: [UInt8],
        named: Int64?
    ) throws(AnswerProblem) {
        func header(_ name: String) -> String? { headers.first { $0.name.lowercased() == name }?.value }
        func seconds(_ name: String) throws(AnswerProblem) -> Int64 {
            guard let text = header(name), let nanoseconds = DecimalSeconds.nanoseconds(text) else {
                throw AnswerProblem("header \(name) is missing or no number of seconds")
            }
            return nanoseconds
        }
        let nextPoll = Duration.nanoseconds(try seconds("faultplane-next-poll"))
        func terms() throws(AnswerProblem) -> AnswerTerms {
            AnswerTerms(
                lease: .nanoseconds(try seconds("faultplane-lease")),
                held: .nanoseconds(try seconds("faultplane-held")),
                time: Timestamp(nanoseconds: try seconds("faultplane-time")),
                nextPoll: nextPoll
            )
        }
        switch status {
        case 304:
            guard let named else { throw AnswerProblem("304 to a request that named no version") }
            if let tag = header("etag"), tag != "\"\(named)\"" {
                throw AnswerProblem("304 for another version than was named")
            }
            self = .unchanged(version: named, try terms())
        case 200:
            let json = try Self.json(body)
            if let reason = json["degraded"] {
                guard json["version"] == .null, json["faults"] == [] else {
                    throw AnswerProblem("it is degraded and tells of something")
                }
                self = .degraded(reason: reason.text ?? "", nextPoll: nextPoll)
            } else {
                let document = try TargetDocument(json)
                guard header("etag") == "\"\(document.version)\"" else {
                    throw AnswerProblem("its ETag is not its version")
                }
                self = .document(document, try terms())
            }
        default: throw AnswerProblem("status \(status)")
        }
    }

    private static func json(_ body: [UInt8]) throws(AnswerProblem) -> JSON {
        do throws(JSONError) {
            return try JSON(parsing: body)
        } catch {
            throw AnswerProblem("its body is no JSON: \(error)")
        }
    }
}
