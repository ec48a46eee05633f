import Base
import TestSupport
import Testing

@testable import ControlPlane

/// What tests of templates and targets begin with.
enum Sample {
    static let role = "arn:aws:iam::000000000000:role/fis"
    static let arn = "arn:aws:lambda:us-east-1:000000000000:function:checkout"

    /// A template that waits for a minute, with other members put over its own.
    static func template(token: String = "token-1", _ changes: [JSON.Member] = []) -> JSON {
        let wait: JSON = ["actionId": "aws:fis:wait", "parameters": ["duration": "PT1M"]]
        var members: [JSON.Member] = [
            .init("clientToken", .string(token)), .init("description", "a drill"),
            .init("actions", ["Pause": wait]), .init("stopConditions", [["source": "none"]]),
            .init("roleArn", .string(role)),
        ]
        for change in changes {
            members.removeAll { $0.name == change.name }
            members.append(change)
        }
        return .object(members)
    }

    static let forSeveralAccounts = JSON.Member("experimentOptions", ["accountTargeting": "multi-account"])

    static func encoded(_ text: String) -> String {
        text.replacing(":", with: "%3A").replacing("/", with: "%2F")
    }

    /// A token as long as asks for a page only take.
    static func fresh() -> String {
        String((0..<12).map { _ in "abcdefghijklmnopqrstuvwxyz".randomElement() ?? "a" })
    }
}

extension Plane {
    /// Makes a template and says its id.
    @discardableResult
    func template(
        _ body: JSON? = nil,
        as proof: Ask.Proof? = nil,
        at place: SourceLocation = #_sourceLocation
    ) throws -> String {
        let body = body ?? Sample.template(token: Sample.fresh())
        let answer = try ask(Ask("POST", "/experimentTemplates", as: proof ?? admin.bearer, body), at: place)
        return try #require(
            answer.json?["experimentTemplate"]?["id"]?.text,
            "\(answer.text)",
            sourceLocation: place
        )
    }

    /// Asks as the first account's admin.
    func ask(
        _ method: String,
        _ path: String,
        _ body: JSON? = nil,
        at place: SourceLocation = #_sourceLocation
    ) throws -> Answer {
        try ask(Ask(method, path, as: admin.bearer, body), at: place)
    }
}
