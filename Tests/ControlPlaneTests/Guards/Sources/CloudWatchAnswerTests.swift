import Base
import Experiments
import Testing
import WebClient

@testable import ControlPlane

/// What CloudWatch's answers mean, and how long it is left alone.
@Suite struct CloudWatchAnswerTests {
    private static func answer(_ status: Int, _ body: String, _ headers: [WebHeader] = []) -> CloudWatchAnswer
    {
        CloudWatchAnswer(
            WebAnswer(status: status, headers: headers, body: Array(body.utf8)),
            credentials: "the file"
        )
    }

    @Test func `alarms of both kinds are read, and what is not known is told apart`() {
        let found = Self.answer(
            200,
            """
            {"MetricAlarms": [{"AlarmArn": "a1", "AlarmName": "n1", "StateValue": "OK", "Threshold": 1.0},
            {"AlarmArn": "a2", "AlarmName": "n2", "StateValue": "SHAKY"}, {"AlarmName": "n3"}],
            "CompositeAlarms": [{"AlarmArn": "a4", "AlarmName": "n4", "StateValue": "ALARM"}], "NextToken": "t"}
            """
        )
        #expect(
            found
                == .page(
                    .init(
                        states: ["a1": .clear, "a4": .alarm],
                        odd: ["a2": "SHAKY"],
                        names: ["n1": "a1", "n2": "a2", "n4": "a4"],
                        next: "t"
                    )
                )
        )
        #expect(Self.answer(200, "{}") == .page(.init()))
        #expect(Self.answer(200, "<ok/>") == .unreadable("CloudWatch's answer is no JSON"))
    }

    struct Row: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let status: Int
        let body: String
        var headers: [WebHeader] = []
        let answer: CloudWatchAnswer
    }

    @Test(arguments: [
        Row(
            testDescription: "too often, in AWS's JSON",
            status: 400,
            body: #"{"__type":"com.amazonaws#ThrottlingException","message":"Rate exceeded"}"#,
            answer: .throttled("CloudWatch answered with status 400: ThrottlingException: Rate exceeded")
        ),
        Row(
            testDescription: "too often, in a header",
            status: 400,
            body: #"{"message":"Rate exceeded"}"#,
            headers: [WebHeader("x-amzn-query-error", "Throttling;Sender")],
            answer: .throttled("CloudWatch answered with status 400: Throttling: Rate exceeded")
        ),
        Row(
            testDescription: "too often, in XML",
            status: 400,
            body:
                "<ErrorResponse><Error><Code>Throttling</Code><Message>Rate\nexceeded</Message></Error></ErrorResponse>",
            answer: .throttled("CloudWatch answered with status 400: Throttling: Rate exceeded")
        ),
        Row(
            testDescription: "429",
            status: 429,
            body: "",
            answer: .throttled("CloudWatch answered with status 429")
        ),
        Row(
            testDescription: "503",
            status: 503,
            body: "<html>busy</html>",
            answer: .throttled("CloudWatch answered with status 503: <html>busy</html>")
        ),
        Row(
            testDescription: "an expired token",
            status: 403,
            body:
                #"{"__type":"ExpiredTokenException","message":"The security token included in the request is expired"}"#,
            answer: .unreadable(
                "CloudWatch answered with status 403: ExpiredTokenException: The security token included in the "
                    + "request is expired (the credentials of the file have expired)"
            )
        ),
        Row(
            testDescription: "an unknown key",
            status: 403,
            body: #"{"__type":"UnrecognizedClientException","Message":"The security token is invalid"}"#,
            answer: .unreadable(
                "CloudWatch answered with status 403: UnrecognizedClientException: The security token is invalid "
                    + "(credentials of the file)"
            )
        ),
        Row(
            testDescription: "a server in trouble",
            status: 500,
            body: "",
            answer: .unreadable("CloudWatch answered with status 500")
        ),
    ])
    func `a refusal means`(_ row: Row) {
        #expect(Self.answer(row.status, row.body, row.headers) == row.answer)
    }

    @Test func `each refusal for haste is answered by a longer pause, up to a bound`() {
        var pause: CloudWatchPause?
        var now = Instant(nanoseconds: 0)
        var lengths: [Double] = []
        for _ in 1...6 {
            let next = CloudWatchPause(after: pause, "busy", now: now, chance: 1)
            lengths.append((next.until - now).inSeconds)
            #expect(next.refusal(now: now + .milliseconds(1)) != nil)
            #expect(next.refusal(now: next.until) == nil)
            (pause, now) = (next, next.until)
        }
        #expect(lengths == [2, 4, 8, 8, 8, 8])
        let half = CloudWatchPause(after: nil, "busy", now: now, chance: 0)
        #expect(half.refusal(now: now) == "busy (it is asked again in 1 s)")
    }

    @Test(arguments: [
        ("arn:aws:cloudwatch:eu-west-1:123456789012:alarm:High: \"CPU\"", "High: \"CPU\""),
        ("arn:aws:cloudwatch:eu-west-1:123456789012:alarm:a", "a"),
    ])
    func `an alarm's name may hold spaces and colons`(_ arn: String, _ name: String) throws {
        let alarm = try AlarmName(arn)
        #expect(alarm.name == name && alarm.region == "eu-west-1")
        #expect(alarm.endpoint == "https://monitoring.eu-west-1.amazonaws.com")
        #expect(try CloudWatchQuestion(arn) == CloudWatchQuestion(arn: arn))
    }

    @Test(arguments: [
        ("arn:aws:cloudwatch:evil.example/:1:alarm:a", #""evil.example/" is no region"#),
        ("arn:aws:cloudwatch::1:alarm:a", #""" is no region"#),
        (
            "arn:aws:cloudwatch:eu-west-1:1:dashboard:a",
            #""arn:aws:cloudwatch:eu-west-1:1:dashboard:a" is no ARN of an alarm"#
        ),
        (
            "arn:aws:cloudwatch:eu-west-1:1:alarm:" + String(repeating: "x", count: 256),
            "the alarm's name has 256 characters, and 1 to 255 are accepted"
        ),
    ])
    func `what would lead elsewhere, or spoil the others' question, is not asked`(
        _ arn: String,
        _ reason: String
    ) {
        #expect(throws: SourceFailure(reason)) { try AlarmName(arn) }
    }
}
