import Base
import Testing

@testable import FaultClient

/// Reading what came over HTTP.
@Suite struct PollAnswerTests {
    private static let fault =
        #"{"id":"EXP1/Delay","experimentId":"EXP1","actionId":"a","parameters":{"x":"1"},"salt":"s","#
        + #""notBefore":1790000000.0,"notAfter":1790000300.5}"#
    private static let body =
        #"{"target":"t","version":4294967298,"epoch":1,"faults":[\#(fault)],"later":"additions"}"#
    private static let terms = [
        ("Faultplane-Lease", "14.25"), ("Faultplane-Held", "3.1"), ("Faultplane-Next-Poll", "0"),
        ("Faultplane-Time", "1790000003.25"),
    ]

    private static func read(
        _ status: Int = 200,
        _ body: String = body,
        _ headers: [(String, String)] = terms + [("ETag", #""4294967298""#)],
        named: Int64? = nil
    ) throws(AnswerProblem) -> PollAnswer {
        try PollAnswer(
            status: status,
            headers: headers.map { (name: $0.0, value: $0.1) },
            body: Array(body.utf8),
            named: named
        )
    }

    @Test func `a document comes with its terms`() throws {
        guard case .document(let document, let terms) = try Self.read() else {
            Issue.record("it is no document")
            return
        }
        #expect(document.target == "t" && document.version == 1 << 32 | 2)
        #expect(document.faults.map(\.id) == ["EXP1/Delay"] && document.faults[0].parameters == ["x": "1"])
        #expect(document.faults[0].notAfter == 1_790_000_300.5)
        #expect(
            terms.lease == .seconds(14.25) && terms.held == .milliseconds(3_100) && terms.nextPoll == .zero
        )
        #expect(terms.time == Timestamp(nanoseconds: 1_790_000_003_250_000_000))
    }

    @Test func `304 means what was named`() throws {
        let answer = try Self.read(304, "", Self.terms, named: 7)
        guard case .unchanged(7, _) = answer else {
            Issue.record("\(answer)")
            return
        }
        #expect(throws: AnswerProblem("304 to a request that named no version")) {
            _ = try Self.read(304, "", Self.terms)
        }
        #expect(throws: AnswerProblem("304 for another version than was named")) {
            _ = try Self.read(304, "", Self.terms + [("etag", #""8""#)], named: 7)
        }
    }

    @Test func `a degraded answer needs no more than the pace`() throws {
        let body = #"{"target":"t","version":null,"epoch":1,"faults":[],"degraded":"no database for 11 s"}"#
        let answer = try Self.read(200, body, [("faultplane-next-poll", "3")])
        #expect(answer == .degraded(reason: "no database for 11 s", nextPoll: .seconds(3)))
        #expect(throws: AnswerProblem("it is degraded and tells of something")) {
            _ = try Self.read(200, body.replacing("[]", with: "[\(Self.fault)]"))
        }
    }

    @Test(arguments: ["", "x", "-1", "1e3", "1.", ".5", "99999999999", "1.2.3", "0x1", " 1", "1 "])
    func `a length of time that is none is no answer`(_ text: String) {
        let headers = Self.terms.filter { $0.0 != "Faultplane-Lease" } + [("ETag", #""4294967298""#)]
        #expect(throws: AnswerProblem("header faultplane-lease is missing or no number of seconds")) {
            _ = try Self.read(200, Self.body, headers + [("Faultplane-Lease", text)])
        }
    }

    @Test func `lengths of time are cut to the nanosecond and never rounded up`() {
        #expect(DecimalSeconds.nanoseconds("1.9999999999") == 1_999_999_999)
        #expect(DecimalSeconds.nanoseconds("0.000000001") == 1)
        #expect(DecimalSeconds.nanoseconds("9000000000") == 9_000_000_000_000_000_000)
        #expect(DecimalSeconds.nanoseconds("9000000001") == nil)
    }

    @Test(
        arguments: [
            ("[1", "its body is no JSON: expected , or ] in an array at byte 2"),
            ("{}", "it has no target, version, epoch or faults"),
            (
                body.replacing(#""epoch":1"#, with: #""epoch":2"#),
                "its version is of another epoch than it says"
            ),
            (body.replacing("4294967298,", with: "4294967299,"), "its ETag is not its version"),
            (body.replacing(#""salt":"s","#, with: ""), "one of its faults is not whole"),
            (body.replacing(#""x":"1""#, with: #""x":1"#), "a parameter of fault EXP1/Delay is no text"),
            (body.replacing("[\(fault)]", with: "[\(fault),\(fault)]"), "it has a fault twice"),
        ]
    )
    func `a document that is not whole is no answer`(_ body: String, _ reason: String) {
        let problem = #expect(throws: AnswerProblem.self) { _ = try Self.read(200, body) }
        #expect(problem?.reason == reason)
    }

    @Test(arguments: [201, 204, 400, 404, 429, 500, 503]) func `another status is no answer`(_ status: Int) {
        #expect(throws: AnswerProblem("status \(status)")) { _ = try Self.read(status) }
    }
}
