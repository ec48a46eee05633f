import Base
import TestSupport
import Testing

@testable import ControlPlane

/// What is said of a body that cannot be used: all of it, at once.
@Suite(.timeLimit(.minutes(10))) struct ValidationTests {
    struct Case: CustomTestStringConvertible {
        let name: String
        var method = "POST"
        var path = "/v1/keys"
        var body = ""
        let message: String

        var testDescription: String { name }
    }

    private static let roles = "one of admin, operator, editor, viewer, agent is accepted"
    private static let named = "a text of 1 to 128 characters is accepted"
    private static let digits = "12 digits are accepted"
    private static let pattern = "function names or ARNs are accepted, with * for any characters"
    private static let long = String(repeating: "n", count: 129)

    static let cases: [Case] = [
        .init(
            name: "nothing",
            message: "The body is not JSON: the text ends where a value should stand at byte 0."
        ),
        .init(
            name: "no JSON",
            body: "role=admin",
            message: "The body is not JSON: no value starts here at byte 0."
        ),
        .init(name: "an array", body: "[]", message: "The body must be a JSON object, and is an array."),
        .init(
            name: "a member twice",
            body: #"{"role":"viewer","role":"admin","name":"x"}"#,
            message: #"The body is not JSON: member "role" stands twice at byte 23."#
        ),
        .init(
            name: "an empty object",
            body: "{}",
            message: "role is missing: \(roles); name is missing: \(named)."
        ),
        .init(
            name: "nulls",
            body: #"{"role":null,"name":null}"#,
            message: "role is missing: \(roles); name is missing: \(named)."
        ),
        .init(
            name: "everything wrong",
            body: #"{"role":"root","name":"","targetPattern":" ","account":"12","secret":"mine"}"#,
            message: #"role is "root": \#(roles); name is "": \#(named); targetPattern is " ": \#(pattern); "#
                + #"account is "12": \#(digits); secret is not known here: account, name, role, targetPattern are."#
        ),
        .init(
            name: "other kinds of values",
            body: #"{"role":1,"name":[],"targetPattern":{},"account":true}"#,
            message: "role is a number: \(roles); name is an array: \(named); targetPattern is an object: "
                + "\(pattern); account is a boolean: \(digits)."
        ),
        .init(
            name: "a name too long",
            body: #"{"role":"viewer","name":"\#(long)"}"#,
            message: #"name is "\#(long.prefix(100))": \#(named)."#
        ),
        .init(
            name: "an agent without a pattern",
            body: #"{"role":"agent","name":"x"}"#,
            message: "A key of role agent needs a target pattern, and no other key may have one."
        ),
        .init(
            name: "a viewer with a pattern",
            body: #"{"role":"viewer","name":"x","targetPattern":"a*"}"#,
            message: "A key of role agent needs a target pattern, and no other key may have one."
        ),
        .init(
            name: "a NUL in a name",
            body: #"{"role":"viewer","name":"a\u0000b"}"#,
            message: "name is \"a\u{0}b\": \(named)."
        ),
        .init(
            name: "an account's members wrong",
            path: "/v1/accounts",
            body: #"{"id":"0","name":7,"role":"admin"}"#,
            message:
                #"id is "0": \#(digits); name is a number: \#(named); role is not known here: id, name are."#
        ),
        .init(
            name: "an account in the query",
            method: "GET",
            path: "/v1/keys?account=1",
            message: #"account is "1": \#(digits)."#
        ),
        .init(
            name: "too many audit events",
            method: "GET",
            path: "/v1/audit?maxResults=101",
            message: #"maxResults is "101": a whole number from 1 to 100 is accepted."#
        ),
        .init(
            name: "an audit token that is none",
            method: "GET",
            path: "/v1/audit?nextToken=abc",
            message:
                #"nextToken is "abc": a token that ListAuditEvents gave for the same request is accepted."#
        ),
    ]

    @Test func `each problem is named with what would be accepted`() async throws {
        try await withPlane { plane in
            let before = try plane.askControl(Ask("GET", "/v1/keys")).text
            for each in Self.cases {
                var ask = Ask(each.method, each.path, as: try plane.admin.signature)
                ask.body = Array(each.body.utf8)
                let answer = try plane.ask(ask)
                #expect(answer.failure == .init(400, "ValidationException", each.message), "\(each.name)")
            }
            #expect(try plane.askControl(Ask("GET", "/v1/keys")).text == before)
        }
    }

    @Test func `names may be in any script, up to 128 characters`() async throws {
        try await withPlane { plane in
            for name in ["日本語 🧨", String(repeating: "ü", count: 128), "a\nb", "\"quoted\""] {
                let body: JSON = ["role": "viewer", "name": .string(name)]
                let answer = try plane.askControl(Ask("POST", "/v1/keys", body))
                #expect(answer.json?["key"]?["name"]?.text == name, "\(answer.text)")
            }
        }
    }
}
