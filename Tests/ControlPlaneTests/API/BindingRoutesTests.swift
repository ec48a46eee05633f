import Base
import TestSupport
import Testing

@testable import ControlPlane

/// Names of a team's own, and what targets say of their events.
@Suite(.timeLimit(.minutes(10))) struct BindingRoutesTests {
    @Test func `a name follows its binding at once: bound, bound anew, and taken away`() async throws {
        try await withPlane { plane in
            #expect(try plane.read("/chaos/fn").code == "ParameterNotFound")
            _ = try await plane.delaying()
            let body: JSON = ["target": "checkout", "dialect": "chaos_lambda"]
            let put = try plane.ask("PUT", "/v1/bindings/%2Fchaos%2Ffn", body).json?["binding"]
            #expect(put?["name"] == "/chaos/fn" && put?["target"]?.text == Sample.arn)
            #expect(put?["dialect"] == "chaos_lambda" && put?["qualifier"] == .null)
            #expect(try plane.ask("GET", "/v1/bindings/%2Fchaos%2Ffn").json?["binding"] == put)
            #expect(try plane.value(of: "/chaos/fn")["fault_type"] == "latency")
            try plane.bind("/chaos/fn", Sample.arn, "failure-lambda")
            #expect(try plane.value(of: "/chaos/fn")["latency"]?["min_latency"] == 2_000)
            try plane.bind("/chaos/fn", "another")
            #expect(try plane.value(of: "/chaos/fn") == ["is_enabled": false])
            #expect(try plane.ask("DELETE", "/v1/bindings/%2Fchaos%2Ffn").status == 200)
            let gone = try plane.read("/chaos/fn")
            #expect(
                gone.failure
                    == .init(
                        400,
                        "ParameterNotFound",
                        "There is no parameter /chaos/fn: names are bound by PUT /v1/bindings/NAME, and below /faultplane/ "
                            + "each dialect (chaos_lambda, failure-lambda, failure-lambda-0) has one for each function."
                    )
            )
            #expect(try plane.ask("GET", "/v1/bindings/%2Fchaos%2Ffn").failure?.status == 404)
        }
    }

    @Test func `each account has names of its own`() async throws {
        try await withPlane { plane in
            let theirs = try plane.key(.admin, account: try plane.account("222222222222"))
            _ = try await plane.delaying()
            try plane.bind("/shared")
            #expect(try plane.read("/shared", as: theirs.bearer).code == "ParameterNotFound")
            let body: JSON = ["target": "checkout", "dialect": "chaos_lambda"]
            let put = try plane.ask(Ask("PUT", "/v1/bindings/%2Fshared", as: theirs.bearer, body))
            #expect(put.json?["binding"]?["target"]?.text?.contains("222222222222") == true)
            #expect(try plane.value(of: "/shared", as: theirs.bearer) == ["is_enabled": false])
            #expect(try plane.value(of: "/shared")["is_enabled"] == true)
            let own = "/faultplane/chaos_lambda/checkout"
            #expect(try plane.value(of: own, as: theirs.bearer) == ["is_enabled": false])
        }
    }

    @Test func `a fault for one alias is told where that alias is bound, and nowhere else`() async throws {
        try await withPlane { plane in
            try plane.function()
            var members = Sample.delay().members ?? []
            let place = try #require(members.firstIndex { $0.name == "targets" })
            members[place].value = [
                "One": [
                    "resourceType": "aws:lambda:function", "resourceArns": [.string(Sample.arn)],
                    "selectionMode": "ALL", "parameters": ["functionQualifier": "live"],
                ]
            ]
            let id = try plane.start(try plane.template(.object(members)))
            try await plane.wait(for: "running", of: id)
            for (name, qualifier) in [("/live", "live"), ("/test", "test")] {
                let body: JSON = [
                    "target": "checkout", "dialect": "chaos_lambda", "qualifier": .string(qualifier),
                ]
                #expect(try plane.ask("PUT", "/v1/bindings/\(Sample.encoded(name))", body).status == 200)
            }
            let told = try ["/live", "/test", "/faultplane/chaos_lambda/checkout"].map {
                try plane.value(of: $0)["is_enabled"]
            }
            #expect(told == [true, false, false])
            let counted = try plane.ask("GET", "/experiments/\(id)/coverage").json?["targets"]?[0]
            #expect(counted?["seen"] == 1 && counted?["held"] == 1)
        }
    }

    @Test func `what is wrong with a binding is said, all of it`() async throws {
        try await withPlane { plane in
            let bad = try plane.ask(
                "PUT",
                "/v1/bindings/a%20b",
                ["target": "a b", "dialect": "chaos", "qualifier": "", "x": 1]
            )
            #expect(bad.failure?.status == 400)
            let said = [
                "name is \"a b\": 1 to 1011 letters, digits and _ . - / that do not begin with /faultplane/",
                "target is \"a b\": the name or the ARN of a Lambda function is accepted, without an alias or version",
                "dialect is \"chaos\": one of chaos_lambda, failure-lambda, failure-lambda-0 is accepted",
                "qualifier is \"\": a text of 1 to 128 bytes", "x is not known here",
            ]
            for words in said { #expect(bad.message?.contains(words) == true, "\(bad.text)") }
            let reserved = try plane.ask(
                "PUT",
                "/v1/bindings/%2Ffaultplane%2Fx",
                ["target": "a", "dialect": "chaos_lambda"]
            )
            #expect(reserved.failure?.status == 400)
        }
    }

    @Test func `a target that declares its events gives its readers an end that needs nobody`() async throws {
        try await withPlane { plane in
            _ = try await plane.delaying()
            let own = "/faultplane/failure-lambda/checkout"
            #expect(try plane.value(of: own)["latency"]?["match"] == nil)
            func declare(_ shape: JSON) throws -> Answer {
                let body: JSON = [
                    "resourceType": "aws:lambda:function", "attributes": ["eventShape": shape],
                ]
                return try plane.ask("PUT", "/v1/targets/checkout", body)
            }
            #expect(try declare("http-api").status == 200)
            let match = try plane.value(of: own)["latency"]?["match"]?[0]
            #expect(match?["path"] == "requestContext.timeEpoch" && match?["operator"] == "regex")
            #expect(try declare("eventbridge").status == 200)
            #expect(try plane.value(of: own)["latency"]?["match"]?[0]?["path"] == "time")
            let bad = try declare("sqs")
            let told =
                "attributes.eventShape is \"sqs\": one of http-api, rest-api, eventbridge is accepted."
            #expect(bad.failure == .init(400, "ValidationException", told))
        }
    }

    @Test func `what a caller may read is listed, in order and by pages`() async throws {
        try await withPlane { plane in
            for name in ["/b", "/a", "/c"] { try plane.bind(name, "checkout-1") }
            try plane.bind("/other", "other")
            let agent = try plane.key(.agent, targets: "*:checkout-*")
            #expect(try plane.read("/faultplane/chaos_lambda/checkout-2", as: agent.bearer).status == 200)
            #expect(try plane.read("/faultplane/chaos_lambda/theirs").status == 200)
            func names(_ body: JSON) throws -> (names: [String], next: JSON?) {
                let answer = try plane.ask(.reading("DescribeParameters", body, as: agent.bearer))
                let found = answer.json?["Parameters"]?.elements ?? []
                return (found.compactMap { $0["Name"]?.text }, answer.json?["NextToken"])
            }
            let all = ["/a", "/b", "/c", "/faultplane/chaos_lambda/checkout-2"]
            #expect(try names([:]).names == all)
            let first = try names(["MaxResults": 3])
            #expect(first.names == Array(all.prefix(3)))
            let second = try names(["MaxResults": 3, "NextToken": first.next ?? .null])
            #expect(second.names == Array(all.suffix(1)) && second.next == nil)
            let filter: JSON = [["Key": "Name", "Option": "BeginsWith", "Values": ["/faultplane"]]]
            #expect(try names(["ParameterFilters": filter]).names == Array(all.suffix(1)))
        }
    }
}
