import Base
import Testing

@testable import Experiments

/// What each library is told of each fault, and what it is not told.
@Suite struct DialectTests {
    static let start = Timestamp(nanoseconds: 1_790_000_000_000_000_000)

    static func fault(
        _ actionID: String,
        _ parameters: [String: String] = [:],
        id: String = "EXPa/F",
        from: Int64 = 0,
        to: Int64 = 300
    ) -> DialectFault {
        DialectFault(
            id: id,
            content: FaultContent(actionID: actionID, parameters: parameters),
            notBefore: start + .seconds(from),
            notAfter: start + .seconds(to)
        )
    }

    private static let delay = fault(
        "aws:lambda:invocation-add-delay",
        ["startupDelayMilliseconds": "400", "invocationPercentage": "50"]
    )
    private static let error = fault("aws:lambda:invocation-error", ["preventExecution": "true"])
    private static let lateError = fault("aws:lambda:invocation-error", ["preventExecution": "False"])
    private static func response(
        _ prevents: String,
        _ share: String = "100",
        _ status: String = "404"
    ) -> DialectFault {
        fault(
            "aws:lambda:invocation-http-integration-response",
            [
                "preventExecution": prevents, "statusCode": status, "contentTypeHeader": "text/plain",
                "invocationPercentage": share,
            ]
        )
    }
    private static let deny = fault("faultplane:lambda:invocation-deny-hosts", ["denyList": "s3.*, ^a$"])
    private static let message = "Faultplane injected this error: EXPa/F"

    private typealias Told = Case<(Dialect, DialectFault), String>

    private static let told: [Told] = [
        Told(
            "chaos_lambda, a delay",
            (.chaosLambda, delay),
            #"{"is_enabled":true,"fault_type":"latency","delay":400,"rate":0.5}"#
        ),
        Told(
            "chaos_lambda, a delay of which nothing is said",
            (.chaosLambda, fault("aws:lambda:invocation-add-delay")),
            #"{"is_enabled":true,"fault_type":"latency","delay":1000,"rate":1}"#
        ),
        Told(
            "chaos_lambda, an exception",
            (.chaosLambda, error),
            #"{"is_enabled":true,"fault_type":"exception","exception_msg":"\#(message)","rate":1}"#
        ),
        Told(
            "chaos_lambda, a status",
            (.chaosLambda, response("false")),
            #"{"is_enabled":true,"fault_type":"status_code","error_code":404,"rate":1}"#
        ),
        Told(
            "failure-lambda, a delay",
            (.failureLambda, delay),
            #"{"latency":{"enabled":true,"percentage":50,"min_latency":400,"max_latency":400}}"#
        ),
        Told(
            "failure-lambda, an exception",
            (.failureLambda, error),
            #"{"exception":{"enabled":true,"percentage":100,"exception_msg":"\#(message)"}}"#
        ),
        Told(
            "failure-lambda, a status",
            (.failureLambda, response("true", "7")),
            #"{"statuscode":{"enabled":true,"percentage":7,"status_code":404}}"#
        ),
        Told(
            "failure-lambda, a timeout",
            (
                .failureLambda,
                fault("faultplane:lambda:invocation-timeout", ["timeoutBufferMilliseconds": "500"])
            ),
            #"{"timeout":{"enabled":true,"percentage":100,"timeout_buffer_ms":500}}"#
        ),
        Told(
            "failure-lambda, hosts",
            (.failureLambda, deny),
            #"{"denylist":{"enabled":true,"percentage":100,"deny_list":["s3.*","^a$"]}}"#
        ),
        Told(
            "failure-lambda, the disk",
            (.failureLambda, fault("faultplane:lambda:invocation-disk-space", ["diskSpaceMegabytes": "70"])),
            #"{"diskspace":{"enabled":true,"percentage":100,"disk_space":70}}"#
        ),
        Told(
            "failure-lambda, another body",
            (.failureLambda, fault("faultplane:lambda:invocation-corrupt-response", ["body": "{}"])),
            #"{"corruption":{"enabled":true,"percentage":100,"body":"{}"}}"#
        ),
        Told(
            "failure-lambda 0.x, a delay",
            (.failureLambdaZero, delay),
            #"{"isEnabled":true,"failureMode":"latency","minLatency":400,"maxLatency":400,"rate":0.5}"#
        ),
        Told(
            "failure-lambda 0.x, an exception",
            (.failureLambdaZero, error),
            #"{"isEnabled":true,"failureMode":"exception","exceptionMsg":"\#(message)","rate":1}"#
        ),
        Told(
            "failure-lambda 0.x, a status",
            (.failureLambdaZero, response("true")),
            #"{"isEnabled":true,"failureMode":"statuscode","statusCode":404,"rate":1}"#
        ),
        Told(
            "failure-lambda 0.x, hosts",
            (.failureLambdaZero, deny),
            #"{"isEnabled":true,"failureMode":"denylist","denylist":["s3.*","^a$"],"rate":1}"#
        ),
    ]

    @Test(arguments: told) private func `a fault that a library can do is told in its words`(_ row: Told) {
        let (dialect, fault) = row.input
        let reading = dialect.reading(of: [fault], at: Self.start)
        #expect(String(decoding: reading.value.encoded, as: UTF8.self) == row.output)
        #expect(reading.told == [fault.id] && reading.refused.isEmpty)
        #expect(reading.until == fault.notAfter)
    }

    private typealias Refused = Case<(Dialect, DialectFault), String>

    private static let refused: [Refused] = [
        Refused(
            "chaos_lambda, an error after the handler",
            (.chaosLambda, lateError),
            "chaos_lambda raises its exception instead of running the handler; preventExecution true is told."
        ),
        Refused(
            "chaos_lambda, a status instead of the handler",
            (.chaosLambda, response("true")),
            "chaos_lambda runs the handler and then changes the status; preventExecution false is told."
        ),
        Refused(
            "chaos_lambda, a status now and then",
            (.chaosLambda, response("false", "99")),
            "chaos_lambda would run the handler twice in each invocation that it spares; only 100 % is told."
        ),
        Refused(
            "chaos_lambda, hosts",
            (.chaosLambda, deny),
            "chaos_lambda has no fault for faultplane:lambda:invocation-deny-hosts."
        ),
        Refused(
            "chaos_lambda, something new",
            (.chaosLambda, fault("aws:lambda:new")),
            "chaos_lambda has no fault for aws:lambda:new."
        ),
        Refused(
            "chaos_lambda, a delay after the handler",
            (.chaosLambda, fault("aws:lambda:invocation-add-delay", ["when": "after"])),
            "chaos_lambda delays before the handler, not after it."
        ),
        Refused(
            "every third",
            (.failureLambda, fault("aws:lambda:invocation-add-delay", ["everyNth": "3"])),
            "failure-lambda 1.x does not count invocations, and so cannot take one in 3."
        ),
        Refused(
            "only some",
            (.failureLambdaZero, fault("aws:lambda:invocation-add-delay", ["maxInvocations": "3"])),
            "failure-lambda 0.x does not count invocations, and so cannot stop after some."
        ),
        Refused(
            "failure-lambda, a status after the handler",
            (.failureLambda, response("false")),
            "failure-lambda answers instead of running the handler; preventExecution true is told."
        ),
        Refused(
            "failure-lambda, no status of HTTP",
            (.failureLambda, response("true", "100", "999")),
            "failure-lambda takes statuses from 100 to 599."
        ),
        Refused(
            "failure-lambda 0.x, the disk",
            (
                .failureLambdaZero,
                fault("faultplane:lambda:invocation-disk-space", ["diskSpaceMegabytes": "70"])
            ),
            "failure-lambda 0.x never frees the disk space again that it has filled."
        ),
    ]

    @Test(arguments: refused) private func `what a library cannot do exactly it is not told, and why not is`(
        _ row: Refused
    ) {
        let (dialect, fault) = row.input
        let reading = dialect.reading(of: [fault], at: Self.start)
        #expect(reading.value == dialect.off())
        #expect(reading.told.isEmpty && reading.refused == [fault.id: row.output])
        #expect(dialect.refusal(of: fault.content) == row.output)
    }

    @Test func `every first is every`() {
        let fault = Self.fault("aws:lambda:invocation-add-delay", ["everyNth": "1"])
        #expect(Dialect.chaosLambda.refusal(of: fault.content) == nil)
    }

    @Test(arguments: Dialect.allCases) func `a fault is told from its beginning up to its end, by our time`(
        _ dialect: Dialect
    ) {
        let fault = Self.fault("aws:lambda:invocation-add-delay", from: 10, to: 20)
        let readings = [0, 10, 19, 20, 21].map { second in
            dialect.reading(of: [fault], at: Self.start + .seconds(second))
        }
        #expect(readings.map(\.told.isEmpty) == [true, false, false, true, true])
        #expect(readings.map(\.value)[0] == dialect.off() && readings.map(\.value)[3] == dialect.off())
        #expect(readings.map(\.until) == [fault.notBefore, fault.notAfter, fault.notAfter, nil, nil])
    }

    @Test(arguments: [Dialect.chaosLambda, .failureLambdaZero])
    func `of several faults a library that does one is told the one that began first, then the next`(
        _ dialect: Dialect
    ) {
        let first = Self.fault("aws:lambda:invocation-add-delay", id: "EXPa/A", from: 0, to: 10)
        let second = Self.fault(
            "aws:lambda:invocation-error",
            ["preventExecution": "true"],
            id: "EXPb/B",
            from: 5,
            to: 20
        )
        let together = dialect.reading(of: [second, first], at: Self.start + .seconds(6))
        #expect(together.told == ["EXPa/A"])
        let why = "\(dialect.title) cannot do it beside EXPa/A, which began first."
        #expect(together.refused == ["EXPb/B": why] && together.until == first.notAfter)
        #expect(dialect.reading(of: [second, first], at: Self.start + .seconds(11)).told == ["EXPb/B"])
    }

    @Test func `a library of flags is told each kind once, and of an answer and an exception the earlier`() {
        let faults = [
            Self.fault("aws:lambda:invocation-add-delay", id: "EXPa/A", from: 0),
            Self.fault("aws:lambda:invocation-add-delay", id: "EXPb/A", from: 1),
            Self.fault("aws:lambda:invocation-error", ["preventExecution": "true"], id: "EXPa/B", from: 2),
            Self.fault(
                "aws:lambda:invocation-http-integration-response",
                ["preventExecution": "true", "statusCode": "500"],
                id: "EXPa/C",
                from: 3
            ),
        ]
        let reading = Dialect.failureLambda.reading(of: faults, at: Self.start + .seconds(4))
        #expect(reading.told == ["EXPa/A", "EXPa/B"])
        #expect(reading.value.members?.map(\.name) == ["latency", "exception"])
        #expect(Set(reading.refused.keys) == ["EXPb/A", "EXPa/C"])
    }

    @Test func `what was published reads back, and what is no fault is passed over`() throws {
        let action = TemplateAction(
            name: "F",
            actionID: "aws:lambda:invocation-add-delay",
            parameters: [.init("duration", "PT5M"), .init("startupDelayMilliseconds", "70")]
        )
        let published = try #require(
            Fault(
                experimentID: "EXPa",
                action: action,
                target: "t",
                notBefore: Self.start,
                notAfter: Self.start + .seconds(300)
            )
        )
        let read = try #require(DialectFault(published.json))
        #expect(
            Dialect.chaosLambda.reading(of: [read], at: Self.start).value
                == ["is_enabled": true, "fault_type": "latency", "delay": 70, "rate": 1]
        )
        #expect(read.notAfter == published.notAfter)
        #expect(DialectFault(["id": "x"]) == nil && DialectFault([]) == nil)
    }
}
