import Base
import Experiments
import TestSupport
import Testing

@testable import ControlPlane

/// `/actions` and `/targetResourceTypes`, over HTTP.
@Suite(.timeLimit(.minutes(10))) struct CatalogueRoutesTests {
    @Test func `an action is shown with its slot and parameters`() async throws {
        try await withPlane { plane in
            let shown = try plane.ask("GET", "/actions/aws%3Alambda%3Ainvocation-error").json?["action"]
            #expect(
                shown?.members?.map(\.name) == ["id", "arn", "description", "parameters", "targets", "tags"]
            )
            #expect(
                shown?["arn"]?.text == "arn:aws:fis:us-east-1:000000000000:action/aws:lambda:invocation-error"
            )
            #expect(shown?["targets"] == ["Functions": ["resourceType": "aws:lambda:function"]])
            #expect(shown?["tags"] == [:])
            #expect(
                shown?["parameters"]?["duration"] == [
                    "description":
                        "How long the action lasts. Accepted: an ISO 8601 duration from PT1S to PT12H.",
                    "required": true,
                ],
                "\(shown?["parameters"] ?? .null)"
            )
            #expect(shown?["parameters"]?["invocationPercentage"]?["required"] == false)
            let wait = try plane.ask("GET", "/actions/aws:fis:wait").json?["action"]
            #expect(wait?.members?.map(\.name) == ["id", "arn", "description", "parameters", "tags"])
        }
    }

    @Test func `every action and type is listed, and shown by its id`() async throws {
        try await withPlane { plane in
            let actions = try plane.ask("GET", "/actions").json?["actions"]?.elements ?? []
            #expect(actions.compactMap { $0["id"]?.text } == Catalogue.standard.actions.map(\.id))
            #expect(actions.count == 54)
            for summary in actions {
                let id = try #require(summary["id"]?.text)
                let shown = try plane.ask("GET", "/actions/\(Sample.encoded(id))").json?["action"]
                let members = (shown?.members ?? []).filter { $0.name != "parameters" }
                #expect(.object(members) == summary)
                for parameter in shown?["parameters"]?.members ?? [] {
                    let words = parameter.value["description"]?.text ?? ""
                    #expect((1...512).contains(words.count), "\(id) \(parameter.name)")
                }
            }
            let types =
                try plane.ask("GET", "/targetResourceTypes").json?["targetResourceTypes"]?.elements ?? []
            #expect(
                types.compactMap { $0["resourceType"]?.text } == Catalogue.standard.resourceTypes.map(\.id)
            )
            #expect(types.count == 24)
            for summary in types {
                let id = try #require(summary["resourceType"]?.text)
                #expect(summary.members?.map(\.name) == ["resourceType", "description"])
                let path = "/targetResourceTypes/\(Sample.encoded(id))"
                let shown = try plane.ask("GET", path).json?["targetResourceType"]
                #expect(shown?.members?.map(\.name) == ["resourceType", "description", "parameters"])
            }
        }
    }

    @Test(arguments: [
        (
            "/actions/aws%3Alambda%3Anone",
            #"Invalid actionId: "aws:lambda:none" is no action that ListActions names."#
        ),
        ("/actions/a%22%0A", #"Invalid actionId: "a??" is no action that ListActions names."#),
        (
            "/targetResourceTypes/aws%3Alambda%3Alayer",
            #"Invalid resourceType: "aws:lambda:layer" is no type that ListTargetResourceTypes names."#
        ),
    ])
    func `what is not in the catalogue is not found`(_ path: String, _ message: String) async throws {
        try await withPlane { plane in
            let answer = try plane.ask("GET", path)
            #expect(answer.failure == .init(404, "ResourceNotFoundException", message))
        }
    }
}
