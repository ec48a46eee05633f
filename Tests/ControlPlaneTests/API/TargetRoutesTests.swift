import Base
import TestSupport
import Testing

@testable import ControlPlane

/// `/v1/targets`, over HTTP.
@Suite(.timeLimit(.minutes(10))) struct TargetRoutesTests {
    private static let type = "aws:lambda:function"
    private static let path = "/v1/targets/" + Sample.encoded(Sample.arn)
    private static let content: JSON = [
        "resourceType": .string(type), "tags": ["env": "prod", "team": "x"],
        "attributes": ["Runtime": "swift", "MemorySize": 128],
    ]

    @Test func `a target is registered, shown, replaced and deleted`() async throws {
        try await withPlane { plane in
            let put = try plane.ask("PUT", Self.path, Self.content)
            let target = try #require(put.json?["target"], "\(put.text)")
            #expect(
                target.members?.map(\.name) == [
                    "arn", "resourceType", "tags", "attributes", "createdAt", "updatedAt", "seenAt",
                ]
            )
            #expect(target["arn"]?.text == Sample.arn)
            for member in Self.content.members ?? [] { #expect(target[member.name] == member.value) }
            #expect(target["seenAt"] == .null)
            #expect(try plane.ask("GET", Self.path).text == put.text)
            #expect(try plane.ask("PUT", Self.path, Self.content).text == put.text, "nothing new")
            #expect(try plane.ask("GET", "/v1/targets/checkout").text == put.text, "a function's bare name")

            let bare = try plane.ask("PUT", "/v1/targets/checkout", ["resourceType": .string(Self.type)])
            #expect(bare.json?["target"]?["tags"] == [:])
            #expect(bare.json?["target"]?["attributes"] == [:])
            #expect(try plane.ask("DELETE", Self.path).text == bare.text)
            for method in ["GET", "DELETE"] {
                let told = "There is no target \(Sample.arn) in this account."
                #expect(
                    try plane.ask(method, Self.path).failure == .init(404, "ResourceNotFoundException", told)
                )
            }
        }
    }

    /// The last part of each ARN.
    private func found(_ plane: Plane, _ query: String) throws -> [String] {
        let answer = try plane.ask("GET", "/v1/targets?\(query)")
        return answer.json?["targets"]?.elements?.compactMap {
            $0["arn"]?.text?.split(separator: ":").last.map(String.init)
        } ?? [answer.text]
    }

    @Test func `a list is narrowed by type and by tags`() async throws {
        try await withPlane { plane in
            for (name, tags) in [("b", ["env": "prod", "a=b": "c=d"]), ("a", ["env": "prod"]), ("c", [:])]
                as [(String, JSON)]
            {
                let body: JSON = ["resourceType": .string(Self.type), "tags": tags]
                #expect(try plane.ask("PUT", "/v1/targets/\(name)", body).status == 200)
            }
            let bucket: JSON = ["resourceType": "aws:s3:bucket", "tags": ["env": "prod"]]
            let put = try plane.ask("PUT", "/v1/targets/arn%3Aaws%3As3%3A%3A%3Ab", bucket)
            #expect(put.status == 200)
            #expect(try found(plane, "") == ["a", "b", "c", "b"])
            #expect(try found(plane, "resourceType=aws%3As3%3Abucket") == ["b"])
            #expect(try found(plane, "tag=env=prod") == ["a", "b", "b"])
            #expect(try found(plane, "tag=env%3Dprod&resourceType=aws:lambda:function") == ["a", "b"])
            #expect(try found(plane, "tag=env=prod&tag=a=b") == [])
            #expect(try found(plane, "tag=env=") == [])
        }
    }

    struct Case: CustomTestStringConvertible {
        let name: String
        var method = "PUT"
        var path = TargetRoutesTests.path
        var body: JSON?
        let message: String

        var testDescription: String { name }
    }

    private static let known = "a type that ListTargetResourceTypes names is accepted"

    static let cases: [Case] = [
        .init(
            name: "no body",
            message: "The body is not JSON: the text ends where a value should stand at byte 0."
        ),
        .init(name: "nothing", body: [:], message: "resourceType is missing: \(known)."),
        .init(
            name: "everything wrong",
            path: "/v1/targets/a%20b",
            body: [
                "resourceType": "aws:lambda:layer", "tags": ["a": 1, "": "x"], "attributes": [], "arn": "x",
            ],
            message: "arn is none: an ARN of at most 2048 characters or the name of a function is accepted; "
                + "resourceType is \"aws:lambda:layer\": \(known); "
                + "tags.a is a number: a text of at most 256 characters is accepted; "
                + "tags. is no tag's key: a text of 1 to 128 characters is accepted; "
                + "attributes is an array: an object is accepted; "
                + "arn is not known here: attributes, resourceType, tags are."
        ),
        .init(
            name: "another type's ARN",
            body: ["resourceType": "aws:s3:bucket", "tags": []],
            message: "arn is \"\(Sample.arn)\": an ARN of the type aws:s3:bucket is accepted; "
                + "tags is an array: an object of texts is accepted."
        ),
        .init(
            name: "NUL in tags",
            body: ["resourceType": .string(type), "tags": ["k": "a\u{0}", "\u{0}": "v"]],
            message: #"tags.k is "a?": a text of at most 256 characters is accepted; "#
                + "tags.? is no tag's key: a text of 1 to 128 characters is accepted."
        ),
        .init(
            name: "too many tags",
            body: ["resourceType": .string(type), "tags": .object((0..<51).map { .init("k\($0)", "v") })],
            message: "tags has 51 entries: at most 50 are accepted."
        ),
        .init(
            name: "filters",
            method: "GET",
            path: "/v1/targets?resourceType=x&tag=y&tag==z&tag=%ff",
            message: #"resourceType is "x": \#(known); tag is "y": key=value is accepted; "#
                + #"tag is "=z": key=value is accepted; tag is "": key=value is accepted."#
        ),
    ]

    @Test func `each problem is named with what would be accepted`() async throws {
        try await withPlane { plane in
            for each in Self.cases {
                let answer = try plane.ask(each.method, each.path, each.body)
                #expect(answer.failure == .init(400, "ValidationException", each.message), "\(each.name)")
            }
            #expect(try plane.ask("GET", "/v1/targets").text == #"{"targets":[]}"#)
        }
    }

    @Test(arguments: [
        ("arn%3Aaws%3As3", "arn:aws:s3"), ("a%2Fb", "a/b"), ("a%22", "a?"), ("%ff", ""), ("%00", "?"),
    ])
    func `what is no ARN names no target`(_ path: String, _ shown: String) async throws {
        try await withPlane { plane in
            for method in ["GET", "DELETE"] {
                let told = "There is no target \(shown) in this account."
                let answer = try plane.ask(method, "/v1/targets/\(path)")
                #expect(answer.failure == .init(404, "ResourceNotFoundException", told))
            }
        }
    }

    @Test func `whatever text is in attributes and tags comes back as it was`() async throws {
        try await withPlane { plane in
            let odd: JSON = ["日本 \u{7F}\u{1}\"\\": ["a": [.null, .number(1.5), true, "\u{0}\n"]]]
            let tags: JSON = ["aws:cloudformation:stack-name": "ü\n", "k'": "' OR 1=1 --"]
            let body: JSON = ["resourceType": .string(Self.type), "attributes": odd, "tags": tags]
            let put = try plane.ask("PUT", Self.path, body)
            #expect(put.json?["target"]?["attributes"] == odd)
            #expect(put.json?["target"]?["tags"] == tags)
            let found = try plane.ask("GET", "/v1/targets?tag=k%27=%27+OR+1%3D1+--")
            #expect(found.json?["targets"]?.elements?.count == 1)
        }
    }
}
