import Base
import TestSupport
import Testing

@testable import ControlPlane

/// `/experimentTemplates`, over HTTP.
@Suite(.timeLimit(.minutes(10))) struct TemplateRoutesTests {
    private static let path = "/experimentTemplates"

    private static let full = Sample.template([
        .init(
            "targets",
            [
                "Fns": [
                    "resourceType": "aws:lambda:function", "resourceArns": [.string(Sample.arn)],
                    "selectionMode": "ALL",
                ]
            ]
        ),
        .init(
            "actions",
            [
                "Slow": [
                    "actionId": "aws:lambda:invocation-add-delay", "description": "slow them",
                    "parameters": ["duration": "PT1M", "startupDelayMilliseconds": "2000"],
                    "targets": ["Functions": "Fns"],
                ],
                "Rest": [
                    "actionId": "aws:fis:wait", "parameters": ["duration": "PT2M"], "startAfter": ["Slow"],
                ],
            ]
        ),
        .init("tags", ["team": "x", "Name": "drill"]),
        .init(
            "logConfiguration",
            [
                "cloudWatchLogsConfiguration": [
                    "logGroupArn": "arn:aws:logs:us-east-1:000000000000:log-group:l:*"
                ],
                "logSchemaVersion": 2,
            ]
        ),
    ])

    /// The answer's template without what differs from run to run.
    private func steady(_ answer: Answer) -> JSON? {
        guard let members = answer.json?["experimentTemplate"]?.members else { return nil }
        return .object(members.filter { !["id", "arn", "creationTime", "lastUpdateTime"].contains($0.name) })
    }

    @Test func `a template is shown as it was given, with its options' defaults`() async throws {
        try await withPlane { plane in
            let made = try plane.ask("POST", Self.path, Self.full)
            #expect(made.status == 200)
            let shown = try #require(made.json?["experimentTemplate"], "\(made.text)")
            let id = try #require(shown["id"]?.text)
            #expect(id.wholeMatch(of: /EXT[0-9A-Za-z]{14}/) != nil)
            #expect(shown["arn"]?.text == "arn:aws:fis:us-east-1:000000000000:experiment-template/\(id)")
            #expect(
                shown.members?.map(\.name) == [
                    "id", "arn", "description", "targets", "actions", "stopConditions", "roleArn", "tags",
                    "logConfiguration", "experimentOptions", "creationTime", "lastUpdateTime",
                ]
            )
            for name in ["targets", "actions", "stopConditions", "roleArn", "tags", "description"] {
                #expect(shown[name] == Self.full[name], "\(name)")
            }
            #expect(
                shown["experimentOptions"]
                    == ["accountTargeting": "single-account", "emptyTargetResolutionMode": "fail"]
            )
            let time = try #require(shown["creationTime"]?.double)
            #expect(
                time > 1_700_000_000 && (time * 1_000).rounded() / 1_000 == time,
                "epoch, with milliseconds"
            )
            #expect(shown["lastUpdateTime"]?.double == time)
            #expect(try plane.ask("GET", "\(Self.path)/\(id)").text == made.text)
        }
    }

    @Test func `a list has summaries, newest first`() async throws {
        try await withPlane { plane in
            let first = try plane.template(Self.full)
            let second = try plane.template()
            let listed = try plane.ask("GET", Self.path)
            #expect(listed.json?.members?.map(\.name) == ["experimentTemplates"])
            let found = listed.json?["experimentTemplates"]?.elements ?? []
            #expect(found.map { $0["id"]?.text } == [second, first])
            #expect(
                found.last?.members?.map(\.name)
                    == ["id", "arn", "description", "creationTime", "lastUpdateTime", "tags"]
            )
            #expect(found.last?["tags"] == ["team": "x", "Name": "drill"])
            #expect(found.first?["tags"] == [:])
        }
    }

    @Test func `the same token and meaning is the same template, another meaning is a conflict`() async throws
    {
        try await withPlane { plane in
            let made = try plane.ask("POST", Self.path, Self.full)
            let reordered = JSON.object((Self.full.members ?? []).reversed())
            #expect(try plane.ask("POST", Self.path, reordered).text == made.text)
            let other = try plane.ask("POST", Self.path, Sample.template())
            let told = "The clientToken was used before with another request: a new one is accepted."
            #expect(other.failure == .init(409, "ConflictException", told))
            #expect(try plane.ask("GET", Self.path).json?["experimentTemplates"]?.elements?.count == 1)
        }
    }

    @Test func `an update changes the members it names`() async throws {
        try await withPlane { plane in
            let made = try plane.ask("POST", Self.path, Self.full)
            let id = try #require(made.json?["experimentTemplate"]?["id"]?.text)
            let path = "\(Self.path)/\(id)"
            let updated = try plane.ask("PATCH", path, ["description": "another", "logConfiguration": [:]])
            var members = steady(made)?.members ?? []
            members.removeAll { $0.name == "logConfiguration" }
            members[0].value = "another"
            #expect(steady(updated) == .object(members))
            let times = updated.json?["experimentTemplate"]
            #expect(times?["creationTime"] == made.json?["experimentTemplate"]?["creationTime"])
            #expect(try plane.ask("GET", path).text == updated.text)
            let nothing = try plane.ask("PATCH", path)
            #expect(nothing.status == 200 && steady(nothing) == steady(updated))
        }
    }

    @Test func `what would break a template updates nothing, and says all that is wrong`() async throws {
        try await withPlane { plane in
            let id = try plane.template(Self.full)
            let path = "\(Self.path)/\(id)"
            let before = try plane.ask("GET", path).text
            let answer = try plane.ask("PATCH", path, ["tags": [:], "roleArn": "x", "targets": [:]])
            #expect(
                answer.failure
                    == .init(
                        400,
                        "ValidationException",
                        "tags cannot be updated: TagResource and UntagResource change them; "
                            + #"actions.Slow.targets.Functions is "Fns": "#
                            + "the name of a target of this template is accepted; "
                            + #"roleArn is "x": an ARN of 20 to 2048 characters is accepted."#
                    )
            )
            #expect(try plane.ask("GET", path).text == before)
        }
    }

    @Test func `those who update at once lose nothing`() async throws {
        try await withPlane { plane in
            let id = try plane.template()
            let path = "\(Self.path)/\(id)"
            let admin = try plane.admin
            let arn = "arn:aws:fis:us-east-1:000000000000:experiment-template/\(id)"
            try await withThrowingTaskGroup(of: Int.self) { group in
                for number in 0..<20 {
                    let tags: JSON = ["tags": .object([.init("k\(number)", "v")])]
                    let ask = Ask("POST", "/tags/\(Sample.encoded(arn))", as: admin.bearer, tags)
                    group.addTask { try await onThread { try plane.ask(ask).status } }
                }
                for try await status in group { #expect(status == 200) }
            }
            let tags = try plane.ask("GET", path).json?["experimentTemplate"]?["tags"]?.members ?? []
            #expect(Set(tags.map(\.name)) == Set((0..<20).map { "k\($0)" }))
        }
    }

    @Test func `a deleted template is shown once more, and is gone`() async throws {
        try await withPlane { plane in
            let made = try plane.ask("POST", Self.path, Self.full)
            let id = try #require(made.json?["experimentTemplate"]?["id"]?.text)
            #expect(try plane.ask("DELETE", "\(Self.path)/\(id)").text == made.text)
            for method in ["GET", "PATCH", "DELETE"] {
                let answer = try plane.ask(method, "\(Self.path)/\(id)")
                let told = "There is no experiment template \(id) in this account."
                #expect(answer.failure == .init(404, "ResourceNotFoundException", told), "\(method)")
            }
        }
    }

    @Test(arguments: [
        ("none", "none"), ("EXT%22%0A", "EXT??"), ("%00", "?"), ("EXP123456789012345", "EXP123456789012345"),
    ])
    func `what is no template's name names none`(_ path: String, _ shown: String) async throws {
        try await withPlane { plane in
            let answer = try plane.ask("GET", "\(Self.path)/\(path)")
            let told = "There is no experiment template \(shown) in this account."
            #expect(answer.failure == .init(404, "ResourceNotFoundException", told))
        }
    }

    @Test func `an account has no more templates than it may`() async throws {
        try await withPlane {
            $0.quotas.templates = 2
        } _: { plane in
            let first = try plane.template(Sample.template())
            try plane.template()
            let third = try plane.ask("POST", Self.path, Sample.template(token: "third"))
            let told = "The account has 2 experiment templates, which is as many as it may have: delete some."
            #expect(third.failure == .init(402, "ServiceQuotaExceededException", told))
            #expect(try plane.template(Sample.template()) == first, "what is there is made again freely")
            let other = try plane.account("222222222222")
            try plane.template(as: try plane.key(.editor, account: other).signature)
        }
    }

    @Test func `a large template fits, and one that is too large is refused`() async throws {
        try await withPlane { plane in
            let parameters: (Int) -> JSON = { count in
                let text = String(repeating: "x", count: 1_000)
                let actions = (0..<count).map { number in
                    JSON.Member("a\(number)", ["actionId": "aws:fis:wait", "description": .string(text)])
                }
                return Sample.template([.init("actions", .object(actions))])
            }
            let large = try plane.ask("POST", Self.path, parameters(200))
            #expect(large.code == "ValidationException", "read as a whole")
            #expect(try plane.ask("POST", Self.path, parameters(300)).status == 413)
        }
    }
}
