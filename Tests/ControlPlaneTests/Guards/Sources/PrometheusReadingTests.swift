import Base
import Experiments
import Testing
import WebClient

@testable import ControlPlane

/// What answers of Prometheus's mean, as a table.
@Suite struct PrometheusReadingTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let body: String
        let finding: Reading.Finding
        let value: String
        var status = 200
        var headers: [WebHeader] = []
        var tolerance: Tolerance?
        var threshold = ""
        var isCut = false

        init(
            _ name: String,
            _ body: String,
            _ finding: Reading.Finding,
            _ value: String,
            status: Int = 200,
            date: String? = nil,
            tolerance: Tolerance? = nil,
            threshold: String = "",
            isCut: Bool = false
        ) {
            testDescription = name
            (self.body, self.finding, self.value, self.status) = (body, finding, value, status)
            headers = date.map { [WebHeader("Date", $0)] } ?? []
            (self.tolerance, self.threshold, self.isCut) = (tolerance, threshold, isCut)
        }
    }

    /// Fri, 20 Nov 2026 17:30:41 GMT.
    private static let now = 1_795_195_841

    private static func vector(_ elements: String...) -> String {
        #"{"status":"success","data":{"resultType":"vector","result":[\#(elements.joined(separator: ","))]}}"#
    }

    private static func element(_ labels: String, _ value: String, at time: Int = now) -> String {
        #"{"metric":{\#(labels)},"value":[\#(time).123,"\#(value)"]}"#
    }

    private static let zero = element(#""__name__":"up","job":"shop","instance":"x""#, "0")

    static let rows: [Row] = [
        Row("no element", vector(), .clear, "no element"),
        Row(
            "one element, of whatever value",
            vector(zero),
            .breached,
            #"1 element, {instance="x", job="shop"} 0"#
        ),
        Row("several", vector(element("", "NaN"), zero), .breached, "2 elements, {} NaN"),
        Row(
            "a histogram",
            vector(#"{"metric":{},"histogram":[\#(now),{"count":"1"}]}"#),
            .breached,
            "1 element, {} a histogram"
        ),
        Row(
            "labels that are long and would move a cursor",
            vector(element(#""a":"\u001b[2J\n\#(String(repeating: "x", count: 200))""#, "1")),
            .breached,
            #"1 element, {a=" [2J \#(String(repeating: "x", count: 111))... 1"#
        ),
        Row(
            "warnings",
            vector().replacing("{\"status\"", with: #"{"warnings":["w"],"status""#),
            .clear,
            "no element"
        ),
        Row(
            "a scalar",
            #"{"status":"success","data":{"resultType":"scalar","result":[\#(now),"1"]}}"#,
            .unreadable,
            "the expression yields a scalar and no vector"
        ),
        Row(
            "a text",
            #"{"status":"success","data":{"resultType":"string","result":[\#(now),"1"]}}"#,
            .unreadable,
            "the expression yields a string and no vector"
        ),
        Row(
            "a range",
            #"{"status":"success","data":{"resultType":"matrix","result":[]}}"#,
            .unreadable,
            "the expression yields a matrix and no vector"
        ),
        Row(
            "an error of the query",
            #"{"status":"error","errorType":"bad_data","error":"invalid parameter \"query\": 1:4"}"#,
            .unreadable,
            #"answered with status 400: bad_data: invalid parameter "query": 1:4"#,
            status: 400
        ),
        Row(
            "a wrong password",
            "Unauthorized\n",
            .unreadable,
            "answered with status 401: Unauthorized",
            status: 401
        ),
        Row("a server in trouble", "", .unreadable, "answered with status 500", status: 500),
        Row(
            "an error called a success",
            #"{"status":"error","error":"no"}"#,
            .unreadable,
            "answered with status 200: no"
        ),
        Row("garbage", "<html>", .unreadable, "the answer is no JSON: no value starts here"),
        Row("other JSON", "[]", .unreadable, "answered with status 200: []"),
        Row(
            "a vector of something else",
            vector(#"{"metric":{},"value":[1]}"#),
            .unreadable,
            "the answer is no vector as Prometheus gives one"
        ),
        Row(
            "a head of a minute ago",
            vector(),
            .clear,
            "no element",
            date: "Fri, 20 Nov 2026 17:29:41 GMT"
        ),
        Row(
            "a head of more than a minute ago",
            vector(),
            .unreadable,
            "stale answer, 61 s old",
            date: "Fri, 20 Nov 2026 17:29:40 GMT"
        ),
        Row(
            "a head of an hour to come",
            vector(),
            .unreadable,
            "the answer's time is 3600 s ahead of this server's clock",
            date: "Fri, 20 Nov 2026 18:30:41 GMT"
        ),
        Row("a head without sense", vector(), .clear, "no element", date: "yesterday"),
        Row("an old element", vector(element("", "0", at: now - 75)), .unreadable, "stale answer, 74 s old"),
        Row(
            "more than is read",
            #"{"status":"success", "data":{"resultType":"vector","result":[{"metric":"#,
            .breached,
            "more elements than fit into 1048576 bytes",
            isCut: true
        ),
        Row(
            "more of something else",
            #"{"status":"success","data":{"resultType":"matrix","result":[{"#,
            .unreadable,
            "the answer is longer than 1048576 bytes",
            isCut: true
        ),
        Row(
            "inside a tolerance",
            vector(zero),
            .clear,
            #"{instance="x", job="shop"} 0"#,
            tolerance: Tolerance(max: 0.5),
            threshold: "above 0.5"
        ),
        Row(
            "one of two outside",
            vector(element("", "0.95"), zero),
            .breached,
            #"1 of 2 elements, {instance="x", job="shop"} 0"#,
            tolerance: Tolerance(min: 0.9, max: 1),
            threshold: "outside 0.9 to 1"
        ),
        Row(
            "no number, which is in no tolerance",
            vector(element("", "NaN")),
            .breached,
            "{} NaN",
            tolerance: Tolerance(min: 1),
            threshold: "below 1"
        ),
        Row(
            "nothing to be held against it",
            vector(),
            .unreadable,
            "no element",
            tolerance: Tolerance(min: 1)
        ),
        Row(
            "a value that is none",
            vector(element("", "many")),
            .unreadable,
            "{} many is no number",
            tolerance: Tolerance(min: 1)
        ),
    ]

    @Test(arguments: rows) func `an answer means`(_ row: Row) {
        let answer = WebAnswer(
            status: row.status,
            headers: row.headers,
            body: Array(row.body.utf8),
            isCut: row.isCut
        )
        let read = PrometheusAnswer(answer, now: Timestamp(nanoseconds: Int64(Self.now) * 1_000_000_000))
        let question = PrometheusQuestion(expression: "x", tolerance: row.tolerance)
        #expect(
            question.reading(read, latency: .seconds(1))
                == Reading(row.finding, row.value, threshold: row.threshold, latency: .seconds(1))
        )
    }

    @Test func `what must yield something is a doubt where it does not`() {
        let question = PrometheusQuestion(expression: "x", requires: "up")
        let one = PrometheusAnswer.Element(labels: "{}", value: "1")
        #expect(question.doubt(of: .vector([one])) == nil)
        #expect(question.doubt(of: .endless) == nil)
        #expect(question.doubt(of: .vector([])) == #""up" yields nothing"#)
        #expect(question.doubt(of: .unreadable("no answer")) == #""up": no answer"#)
    }
}
