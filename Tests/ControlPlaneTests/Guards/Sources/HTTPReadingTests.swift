import Base
import Experiments
import Testing
import WebClient

@testable import ControlPlane

/// What answers of a URL mean, as a table.
@Suite struct HTTPReadingTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let question: String
        let result: Result<WebAnswer, WebError>
        let finding: Reading.Finding
        let value: String
        let threshold: String

        init(
            _ name: String,
            _ question: String,
            _ result: Result<WebAnswer, WebError>,
            _ finding: Reading.Finding,
            _ value: String,
            _ threshold: String = ""
        ) {
            testDescription = name
            (self.question, self.result) = ("http://shop/ " + question, result)
            (self.finding, self.value, self.threshold) = (finding, value, threshold)
        }
    }

    private static func says(
        _ status: Int,
        _ body: String = "",
        isCut: Bool = false
    ) -> Result<WebAnswer, WebError> {
        .success(WebAnswer(status: status, body: Array(body.utf8), isCut: isCut))
    }

    private static let health = says(
        200,
        #"{"status": "down", "load": 0.5, "checks": [{"ok": false}], "x": {}, "s": "A\u0301"}"#
    )

    @Test(arguments: [
        Row("a success", "", says(204), .clear, "status 204"),
        Row("a redirect that leads nowhere", "", says(301), .breached, "status 301", "not 200-299"),
        Row("an error", "", says(503), .breached, "status 503", "not 200-299"),
        Row("the only status", "status 418", says(418), .clear, "status 418"),
        Row("another than the only one", "status 418", says(200), .breached, "status 200", "not 418"),
        Row("a long answer that nobody needs", "", says(200, "x", isCut: true), .clear, "status 200"),
        Row(
            "too late",
            "within 800ms",
            .failure(.tooSlow(.milliseconds(800))),
            .breached,
            "no answer within 800 ms"
        ),
        Row(
            "too late in seconds",
            "within 2s",
            .failure(.tooSlow(.seconds(2))),
            .breached,
            "no answer within 2 s"
        ),
        Row(
            "the round's end",
            "",
            .failure(.timeUp("no answer in time")),
            .unreadable,
            "no answer in time"
        ),
        Row(
            "nobody there",
            "",
            .failure(.failed("Couldn't connect to server")),
            .unreadable,
            "Couldn't connect to server"
        ),
        Row("nobody who may be asked", "", .failure(.unusable("no")), .unreadable, "no"),
        Row(
            "a text as it should be",
            #"where /status == "down""#,
            health,
            .clear,
            #"/status is "down""#,
            #"not == "down""#
        ),
        Row(
            "another text",
            #"where /status == "up""#,
            health,
            .breached,
            #"/status is "down""#,
            #"not == "up""#
        ),
        Row(
            "a text that is different",
            #"where /status != "up""#,
            health,
            .clear,
            #"/status is "down""#,
            #"not != "up""#
        ),
        Row(
            "a text that only looks the same",
            #"where /s == "Á""#,
            health,
            .breached,
            "/s is \"A\u{301}\"",
            #"not == "Á""#
        ),
        Row("a number", "where /load <= 0.8", health, .clear, "/load is 0.5", "not <= 0.8"),
        Row("a number that is too high", "where /load < 0.5", health, .breached, "/load is 0.5", "not < 0.5"),
        Row(
            "a truth",
            "where /checks/0/ok == true",
            health,
            .breached,
            "/checks/0/ok is false",
            "not == true"
        ),
        Row(
            "another kind than the text",
            #"where /load == "0.5""#,
            health,
            .breached,
            "/load is 0.5",
            #"not == "0.5""#
        ),
        Row("an object", #"where /x != "y""#, health, .clear, "/x is an object", #"not != "y""#),
        Row(
            "no number where one should be",
            "where /status > 1",
            health,
            .unreadable,
            #"/status is "down", which is no number"#
        ),
        Row(
            "nothing there",
            "where /checks/1/ok == true",
            health,
            .unreadable,
            #"there is nothing at "/checks/1/ok""#
        ),
        Row(
            "no JSON",
            "where /a == 1",
            says(200, "<html>"),
            .unreadable,
            "the answer is no JSON: no value starts here"
        ),
        Row(
            "too long to be read",
            "where /a == 1",
            says(200, "{", isCut: true),
            .unreadable,
            "the answer is longer than 1048576 bytes"
        ),
        Row(
            "a status before all else",
            "where /a == 1",
            says(500, "<html>"),
            .breached,
            "status 500",
            "not 200-299"
        ),
    ])
    func `an answer means`(_ row: Row) throws {
        let question = try HTTPQuestion(row.question)
        #expect(
            question.reading(row.result, latency: .seconds(1))
                == Reading(row.finding, row.value, threshold: row.threshold, latency: .seconds(1))
        )
    }

    @Test func `a probe's number is held against its tolerance`() throws {
        func reading(_ pointer: String?, _ body: String) -> Reading {
            var question = HTTPQuestion(url: "http://shop/")
            question.pointer = pointer
            question.tolerance = Tolerance(min: 1, max: 5)
            return question.reading(Self.says(200, body), latency: .zero)
        }
        let span = "outside 1 to 5"
        #expect(reading("/n", #"{"n": 5}"#) == Reading(.clear, "5", threshold: span, latency: .zero))
        #expect(reading("/n", #"{"n": 5.5}"#) == Reading(.breached, "5.5", threshold: span, latency: .zero))
        #expect(reading(nil, "0").finding == .breached)
        #expect(reading(nil, "{}") == Reading(.unreadable, "the answer is no number", latency: .zero))
        #expect(reading("/n", "{}") == Reading(.unreadable, #"there is no number at "/n""#, latency: .zero))
    }
}
