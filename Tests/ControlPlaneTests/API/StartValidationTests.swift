import Base
import TestSupport
import Testing

@testable import ControlPlane

/// What is said of a start, a lever's state or an emergency stop that cannot be used.
@Suite(.timeLimit(.minutes(10))) struct StartValidationTests {
    struct Case: CustomTestStringConvertible {
        let name: String
        var method = "POST"
        var path = "/experiments"
        let body: JSON
        let message: String

        var testDescription: String { name }
    }

    private static let token = "a text of 1 to 1024 characters without spaces is accepted"
    private static let template = "the id of an experiment template is accepted"
    private static let reason = "a text of 1 to 512 characters is accepted"
    private static let state = "engaged or disengaged is accepted"
    private static let lever = "/safetyLevers/default/state"

    static let cases: [Case] = [
        .init(
            name: "nothing",
            body: [:],
            message: "clientToken is missing: \(token); experimentTemplateId is missing: \(template)."
        ),
        .init(
            name: "everything wrong",
            body: [
                "clientToken": "a b", "experimentTemplateId": "", "tags": [],
                "experimentOptions": ["actionsMode": "some", "emptyTargetResolutionMode": "skip"],
                "who": 1,
            ],
            message: #"clientToken is "a b": \#(token); experimentTemplateId is "": \#(template); "#
                + #"experimentOptions.actionsMode is "some": run-all or skip-all is accepted; "#
                + "experimentOptions.emptyTargetResolutionMode is not known here: actionsMode is; "
                + "tags is an array: an object is accepted; who is not known here: "
                + "clientToken, experimentOptions, experimentTemplateId, tags are."
        ),
        .init(
            name: "other kinds of values",
            body: ["clientToken": 1, "experimentTemplateId": [], "experimentOptions": true],
            message: "clientToken is a number: \(token); experimentTemplateId is an array: \(template); "
                + "experimentOptions is a boolean: an object is accepted."
        ),
        .init(
            name: "a lever without a state",
            method: "PATCH",
            path: lever,
            body: ["status": "engaged"],
            message: "state is missing: an object is accepted; status is not known here: state is."
        ),
        .init(
            name: "a lever's state without a reason",
            method: "PATCH",
            path: lever,
            body: ["state": ["status": "engaging"]],
            message: #"state.status is "engaging": \#(state); state.reason is missing: \#(reason)."#
        ),
        .init(
            name: "an empty reason",
            method: "PATCH",
            path: lever,
            body: ["state": ["status": "engaged", "reason": ""]],
            message: #"state.reason is "": \#(reason)."#
        ),
        .init(
            name: "an emergency stop without a reason",
            path: "/emergency-stop",
            body: ["scope": "all", "why": "x", "wait": 51],
            message: "reason is missing: \(reason); scope is \"all\": deployment or account is accepted; "
                + "wait is 51.0: a number of seconds from 0 to 50 is accepted; "
                + "why is not known here: reason, scope, wait are."
        ),
        .init(
            name: "a reason too long",
            path: "/emergency-stop",
            body: ["reason": .string(String(repeating: "r", count: 513))],
            message: "reason is \"\(String(repeating: "r", count: 100))\": \(reason)."
        ),
    ]

    @Test func `each problem is named with what would be accepted, and nothing is done`() async throws {
        try await withPlane { plane in
            for each in Self.cases {
                let answer = try plane.ask(each.method, each.path, each.body)
                #expect(answer.failure == .init(400, "ValidationException", each.message), "\(each.name)")
            }
            #expect(try plane.ask("GET", "/experiments").text == #"{"experiments":[]}"#)
            #expect(try plane.lever()?["status"] == "disengaged")
        }
    }

    @Test func `a template that is not there is not found`() async throws {
        try await withPlane { plane in
            for id in ["EXTaaaaaaaaaaaaa1", "none"] {
                let answer = try plane.ask("POST", "/experiments", Sample.start(id))
                let told = "There is no experiment template \(id) in this account."
                #expect(answer.failure == .init(404, "ResourceNotFoundException", told))
            }
        }
    }

    @Test func `there is one lever`() async throws {
        try await withPlane { plane in
            let told = "There is no safety lever other: the only one is default."
            let state: JSON = ["state": ["status": "engaged", "reason": "x"]]
            for answer in [
                try plane.ask("GET", "/safetyLevers/other"),
                try plane.ask("PATCH", "/safetyLevers/other/state", state),
            ] { #expect(answer.failure == .init(404, "ResourceNotFoundException", told)) }
            #expect(try plane.lever()?["status"] == "disengaged")
        }
    }
}
