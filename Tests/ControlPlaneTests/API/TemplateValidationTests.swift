import Base
import TestSupport
import Testing

@testable import ControlPlane

/// What is said of a template that cannot be accepted, over HTTP: all of it, at once.
///
/// The rules themselves are tested where they are written.
@Suite(.timeLimit(.minutes(10))) struct TemplateValidationTests {
    @Test func `more problems than a message may hold are all told, beside it`() async throws {
        try await withPlane { plane in
            let wrong = (1...60).map { JSON.Member("Wait\($0)", ["actionId": "aws:fis:wait"]) }
            let answer = try plane.ask(
                Ask(
                    "POST",
                    "/experimentTemplates",
                    as: plane.admin.bearer,
                    Sample.template([.init("actions", .object(wrong))])
                )
            )
            #expect(answer.status == 400)
            let problems = answer.json?["problems"]?.elements?.compactMap(\.text) ?? []
            let expected = (1...60).map {
                "actions.Wait\($0).parameters.duration is missing: an ISO 8601 duration from PT1S to PT12H is accepted"
            }
            #expect(problems.filter { $0.hasPrefix("actions.") } == expected)
            let message = answer.json?["message"]?.text ?? ""
            let shown = message.split(separator: "; ").map(String.init)
            #expect(Array(shown.dropLast()) == Array(problems.prefix(shown.count - 1)))
            let hidden = problems.count - shown.count + 1
            #expect(shown.last == "and \(hidden) more, all of them in the member problems.")
        }
    }

    struct Case: CustomTestStringConvertible {
        let name: String
        let body: String
        var status = 400
        var code = "ValidationException"
        let message: String

        var testDescription: String { name }
    }

    private static let token = "a text of 1 to 1024 characters without spaces is accepted"

    private static func changed(_ changes: JSON.Member...) -> String {
        String(decoding: Sample.template(changes).encoded, as: UTF8.self)
    }

    private static let ghost: JSON = ["actionId": "aws:lambda:put-function-concurrent-executions"]

    static let cases: [Case] = [
        .init(
            name: "nothing",
            body: "",
            message: "The body is not JSON: the text ends where a value should stand at byte 0."
        ),
        .init(name: "a list", body: "[]", message: "The body must be a JSON object, and is an array."),
        .init(
            name: "an empty object",
            body: "{}",
            message: "clientToken is missing: \(token); "
                + "description is missing: a text of 1 to 512 characters is accepted; "
                + "actions is missing: an object is accepted; "
                + "stopConditions is missing: a list is accepted; "
                + "roleArn is missing: an ARN of 20 to 2048 characters is accepted."
        ),
        .init(
            name: "a token with a space",
            body: changed(.init("clientToken", "a b")),
            message: "clientToken is \"a b\": \(token)."
        ),
        .init(
            name: "a token of another kind and a member that is not known",
            body: changed(.init("clientToken", 1), .init("colour", "red")),
            message: "clientToken is a number: \(token); "
                + "colour is not known: description, targets, actions, stopConditions, roleArn, tags, "
                + "logConfiguration, experimentOptions, experimentReportConfiguration or steadyStateHypothesis is accepted."
        ),
        .init(
            name: "an action that does not exist",
            body: changed(.init("actions", ["a": ghost])),
            status: 404,
            code: "ResourceNotFoundException",
            message:
                #"Invalid actionId: actions.a.actionId is "aws:lambda:put-function-concurrent-executions", "#
                + "and an id that ListActions names is accepted."
        ),
        .init(
            name: "an action that does not exist, and more",
            body: changed(.init("clientToken", ""), .init("actions", ["a": ghost])),
            message: "clientToken is \"\": \(token); "
                + #"Invalid actionId: actions.a.actionId is "aws:lambda:put-function-concurrent-executions", "#
                + "and an id that ListActions names is accepted."
        ),
    ]

    @Test func `each problem is named with what would be accepted, and nothing is made`() async throws {
        try await withPlane { plane in
            for each in Self.cases {
                var ask = Ask("POST", "/experimentTemplates", as: try plane.admin.signature)
                ask.body = Array(each.body.utf8)
                let answer = try plane.ask(ask)
                #expect(answer.failure == .init(each.status, each.code, each.message), "\(each.name)")
            }
            #expect(try plane.ask("GET", "/experimentTemplates").text == #"{"experimentTemplates":[]}"#)
        }
    }
}
