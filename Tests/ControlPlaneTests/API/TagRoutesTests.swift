import Base
import TestSupport
import Testing

@testable import ControlPlane

/// `/tags/{resourceArn}`, over HTTP.
@Suite(.timeLimit(.minutes(10))) struct TagRoutesTests {
    private func path(_ id: String, account: String = "000000000000", region: String = "us-east-1") -> String
    {
        "/tags/" + Sample.encoded("arn:aws:fis:\(region):\(account):experiment-template/\(id)")
    }

    @Test func `tags are put over those there are, and taken away`() async throws {
        try await withPlane { plane in
            let id = try plane.template(Sample.template([.init("tags", ["a": "1", "b": "2"])]))
            let path = path(id)
            #expect(try plane.ask("GET", path).text == #"{"tags":{"a":"1","b":"2"}}"#)
            let put = try plane.ask("POST", path, ["tags": ["b": "", "c d": "3"]])
            #expect((put.status, put.text) == (200, "{}"))
            #expect(try plane.ask("GET", path).text == #"{"tags":{"a":"1","b":"","c d":"3"}}"#)
            let taken = try plane.ask("DELETE", path + "?tagKeys=a&tagKeys=c%20d&tagKeys=none")
            #expect((taken.status, taken.text) == (200, "{}"))
            #expect(try plane.ask("GET", path).text == #"{"tags":{"b":""}}"#)
            #expect(try plane.ask("DELETE", path).status == 200, "no keys take nothing")
            let shown = try plane.ask("GET", "/experimentTemplates/\(id)").json?["experimentTemplate"]
            #expect(shown?["tags"] == ["b": ""])
        }
    }

    @Test func `what is wrong with tags is named`() async throws {
        try await withPlane { plane in
            let path = path(try plane.template())
            let missing = try plane.ask("POST", path, ["tag": [:]])
            #expect(
                missing.failure
                    == .init(
                        400,
                        "ValidationException",
                        "tags is missing: an object is accepted; tag is not known here: tags is."
                    )
            )
            let many = JSON.object((0..<50).map { .init("k\($0)", "v") })
            #expect(try plane.ask("POST", path, ["tags": many]).status == 200)
            let more = try plane.ask("POST", path, ["tags": ["k0": "w", "one": "more"]])
            let told = "tags would have 51 entries: at most 50 are accepted."
            #expect(more.failure == .init(400, "ValidationException", told))
            let keys = try plane.ask("DELETE", path + "?tagKeys=")
            let key = "tagKeys has a key that is none: texts of 1 to 128 characters are accepted."
            #expect(keys.failure == .init(400, "ValidationException", key))
            let shown = try plane.ask("GET", path).json?["tags"]
            #expect(shown == many)
        }
    }

    @Test func `a name that this account does not have has no tags`() async throws {
        try await withPlane { plane in
            let id = try plane.template()
            let unknown: [(path: String, message: String)] = [
                (path("EXT0"), "There is no experiment template EXT0 in this account."),
                (
                    "/tags/" + Sample.encoded("arn:aws:fis:us-east-1:000000000000:experiment/EXP0"),
                    "There is no experiment EXP0 in this account."
                ),
                (
                    path(id, account: "222222222222"),
                    "There is no resource arn:aws:fis:us-east-1:222222222222:experiment-template/\(id) "
                        + "with tags in this account."
                ),
                (
                    path(id, region: "eu-west-1"),
                    "There is no resource arn:aws:fis:eu-west-1:000000000000:experiment-template/\(id) "
                        + "with tags in this account."
                ),
                (
                    "/tags/" + Sample.encoded("arn:aws:fis:us-east-1:000000000000:action/aws:fis:wait"),
                    "There is no resource arn:aws:fis:us-east-1:000000000000:action/aws:fis:wait "
                        + "with tags in this account."
                ),
            ]
            for (path, message) in unknown {
                for (method, body) in [("GET", nil), ("POST", ["tags": ["a": "b"]]), ("DELETE", nil)]
                    as [(String, JSON?)]
                {
                    let answer = try plane.ask(method, path, body)
                    #expect(answer.failure == .init(404, "ResourceNotFoundException", message), "\(method)")
                }
            }
            let nothing = try plane.ask("GET", "/tags/\(id)")
            let told =
                "resourceArn is \"\(id)\": the ARN of an experiment template or experiment is accepted."
            #expect(nothing.failure == .init(400, "ValidationException", told))
        }
    }
}
