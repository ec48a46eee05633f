import Base
import Experiments
import TestSupport
import Testing

@testable import ControlPlane

/// What fault libraries read by SSM's way, whoever they are and however the node stands.
@Suite(.timeLimit(.minutes(10))) struct ParameterRoutesTests {
    private static let own = "/faultplane/chaos_lambda/checkout"
    private static let off: JSON = ["is_enabled": false]

    @Test func `a function's own parameter follows the run, and the run's coverage follows the reader`()
        async throws
    {
        try await withPlane { plane in
            #expect(try plane.value(of: Self.own) == Self.off)
            let id = try await plane.delaying()
            let told = try plane.read(Self.own)
            #expect(
                try told.parameterValue == [
                    "is_enabled": true, "fault_type": "latency", "delay": 2_000, "rate": 1,
                ]
            )
            #expect(told.headers["content-type"] == "application/x-amz-json-1.1")
            let parameter = try #require(told.json?["Parameter"])
            #expect(
                parameter.members?.map(\.name)
                    == ["Name", "Type", "Value", "Version", "LastModifiedDate", "ARN", "DataType"]
            )
            #expect(parameter["Version"] == .integer(1 << 32 + 1))
            #expect(
                parameter["ARN"]?.text == "arn:aws:ssm:us-east-1:000000000000:parameter\(Self.own)"
            )
            let during = try coverage(plane, id)
            #expect(during?["seen"] == 1 && during?["holding"] == 1 && during?["held"] == 1)
            #expect(try plane.ask("DELETE", "/experiments/\(id)").status == 200)
            let after = try coverage(plane, id)
            #expect(after?["withoutLease"] == 1 && after?["silentCount"] == 0 && after?["cleared"] == 0)
            #expect(try plane.value(of: Self.own) == Self.off)
            let read = try coverage(plane, id)
            #expect(read?["withoutLease"] == 0 && read?["cleared"] == 1 && read?["held"] == 1)
            try await plane.wait(for: "stopped", of: id)
        }
    }

    private func coverage(_ plane: Plane, _ id: String) throws -> JSON? {
        try plane.ask("GET", "/experiments/\(id)/coverage").json?["targets"]?[0]
    }

    @Test func `what a library cannot do is refused with its reason, and warned of before`() async throws {
        try await withPlane { plane in
            _ = try plane.read(Self.own)
            var body = Sample.delay()
            let why = "chaos_lambda does not count invocations, and so cannot take one in 3."
            body = try body.replacing("\"2000\"", "\"2000\",\"everyNth\":\"3\"")
            let created = try plane.ask("POST", "/experimentTemplates", body)
            let who = "\(Sample.arn) is read by chaos_lambda from \(Self.own)"
            let warnings: JSON = [
                .string("Action Delay does nothing where \(who): \(why)"),
                .string("\(who). It keeps no lease: an invocation does what it read when it began."),
            ]
            #expect(created.json?["warnings"] == warnings)
            let template = try #require(created.json?["experimentTemplate"]?["id"]?.text)
            #expect(try plane.ask("GET", "/experimentTemplates/\(template)").json?["warnings"] == warnings)
            let preview = try plane.ask("POST", "/experiments", Sample.start(template, [Sample.skipped]))
            #expect(preview.json?["warnings"] == warnings)
            let id = try plane.start(template)
            #expect(try plane.value(of: Self.own) == Self.off)
            let counted = try coverage(plane, id)
            #expect(counted?["rejecting"] == 1 && counted?["held"] == 0)
            #expect(counted?["reasons"] == .object([.init(why, 1)]))
            _ = try plane.ask("DELETE", "/experiments/\(id)")
            let short = try Sample.delay(for: "PT1S").replacing("\"2000\"", "\"2000\",\"everyNth\":\"3\"")
            let refused = try plane.start(try plane.template(short))
            #expect(try plane.value(of: Self.own) == Self.off)
            try await plane.wait(for: "failed", of: refused)
            let reason = try plane.experiment(refused)?["state"]?["reason"]?.text
            #expect(
                reason
                    == "Action Delay failed: no injector polled for \(Sample.arn) that could inject its fault: "
                    + "chaos_lambda does not count invocations, and so cannot take one in 3."
            )
        }
    }

    @Test func `whoever arms a fault, or aims it at an alias, is told what that means for readers`()
        async throws
    {
        try await withPlane { plane in
            _ = try plane.read(Self.own)
            let who = "\(Sample.arn) is read by chaos_lambda from \(Self.own)"
            let armed = try Sample.delay().replacing("\"2000\"", "\"2000\",\"armAtLeastPercent\":\"50\"")
            let first = try plane.ask("POST", "/experimentTemplates", armed).json?["warnings"]?[0]?.text
            #expect(
                first
                    == "Action Delay is told where \(who) once it begins: whoever reads it does not count among the "
                    + "instances that it waits for."
            )
            let mode = "\"selectionMode\":\"ALL\""
            let live = try Sample.delay().replacing(
                mode,
                mode + ",\"parameters\":{\"functionQualifier\":\"live\"}"
            )
            let second = try plane.ask("POST", "/experimentTemplates", live).json?["warnings"]?[0]?.text
            #expect(
                second
                    == "Action Delay does nothing where \(who): it is for the qualifier live, to which the name is not bound."
            )
        }
    }

    @Test func `a halt tells every reader that nothing is on, and names those who had read a fault`()
        async throws
    {
        try await withPlane { plane in
            _ = try await plane.delaying()
            #expect(try plane.value(of: Self.own)["is_enabled"] == true)
            let halted = try plane.ask("POST", "/emergency-stop", ["reason": "drill"])
            let readers = try #require(halted.json?["instances"]?["withoutLease"]?.elements)
            #expect(readers.count == 1 && halted.json?["instances"]?["withoutLeaseCount"] == 1)
            #expect(halted.json?["instances"]?["known"] == 0)
            #expect(readers.first?["parameter"]?.text == Self.own && readers.first?["offSince"] == .null)
            #expect(
                readers.first?["target"]?.text == Sample.arn && readers.first?["dialect"] == "chaos_lambda"
            )
            #expect(try plane.value(of: Self.own) == Self.off)
            let proof = try plane.ask("GET", "/emergency-stop").json?["instances"]?["withoutLease"]?[0]
            #expect(proof?["offSince"]?.double ?? 0 >= proof?["servedAt"]?.double ?? .infinity)
        }
    }

    @Test func `whoever may not read is told that nothing is on, and no name is made up for them`()
        async throws
    {
        try await withPlane { plane in
            _ = try await plane.delaying()
            let binding: JSON = ["target": "checkout", "dialect": "failure-lambda-0"]
            #expect(try plane.ask("PUT", "/v1/bindings/%2Fours", binding).status == 200)
            let other = try plane.key(.agent, targets: "*:other-*")
            let viewer = try plane.key(.viewer)
            let strangers: [(String, Ask.Proof)] = [
                ("nobody", .nothing), ("no key", .bearer("FPAAAAAAAAAAAAAAAAAA.x")),
                ("a wrong secret", .bearer("\(viewer.id).x")),
                ("a wrong signature", .signature(id: viewer.id, secret: "x")),
                ("another role", viewer.bearer), ("another pattern", other.bearer),
            ]
            for (name, proof) in strangers {
                let told = try plane.read(Self.own, as: proof)
                #expect(told.status == 200, "\(name)")
                #expect(try told.parameterValue["is_enabled"] == false, "\(name)")
                #expect(
                    try told.parameterValue["faultplane"]?.text?.hasPrefix("Nothing is told: ") == true,
                    "\(name)"
                )
                #expect(try plane.value(of: "/ours", as: proof)["isEnabled"] == false, "\(name)")
                #expect(try plane.read("/theirs", as: proof).code == "ParameterNotFound", "\(name)")
            }
            let several = Ask.reading("GetParameters", ["Names": [.string(Self.own), "/theirs", "/ours"]])
            let found = try plane.ask(several).json
            #expect(found?["Parameters"]?.elements?.compactMap { $0["Name"]?.text } == [Self.own, "/ours"])
            #expect(found?["InvalidParameters"] == ["/theirs"])
            #expect(plane.log.all.contains { $0.contains("parameter read by a stranger") })
        }
    }

    @Test func `a token in the path reads, with a slash behind it or none, whatever else signs`() async throws
    {
        try await withPlane { plane in
            _ = try await plane.delaying()
            let agent = try plane.key(.agent, targets: "*:checkout")
            for path in ["/t/\(agent.id).\(agent.secret)", "/t/\(agent.id).\(agent.secret)/"] {
                for proof in [Ask.Proof.nothing, .signature(id: "AKIDEXAMPLE", secret: "x"), .bearer("x")] {
                    let told = try plane.ask(
                        Ask.reading("GetParameter", ["Name": .string(Self.own)], as: proof, path: path)
                    )
                    #expect(try told.parameterValue["is_enabled"] == true)
                }
            }
            let admin = try plane.admin
            let path = "/t/\(admin.id).\(admin.secret)"
            let told = try plane.ask(.reading("GetParameter", ["Name": .string(Self.own)], path: path))
            #expect(try told.parameterValue["is_enabled"] == false, "only an agent's key may stand in a path")
            let log = plane.log.all.joined()
            #expect(!log.contains(agent.secret) && !log.contains(admin.secret))
        }
    }

    @Test func `names that no function has are no parameters`() async throws {
        try await withPlane { plane in
            let names = [
                "/faultplane", "/faultplane/", "/faultplane/chaos_lambda", "/faultplane/chaos_lambda/",
                "/faultplane/chaos_lambda/a/b", "/faultplane/chaos_lambda/a b", "/faultplane/none/checkout",
                "faultplane/chaos_lambda/checkout",
                "/faultplane/chaos_lambda/\(String(repeating: "f", count: 141))",
            ]
            for name in names {
                let answer = try plane.read(name)
                #expect(answer.code == "ParameterNotFound", "\(name)")
            }
            let own = try plane.read(Self.own)
            #expect(own.status == 200)
        }
    }

    @Test func `a request that is none of SSM's is told what is`() async throws {
        try await withPlane { plane in
            let proof = try plane.admin.bearer
            let eleven = JSON.array((0..<11).map { .string("/n\($0)") })
            let asks: [(Ask, String, String)] = [
                (Ask.reading("GetParameter", [:], as: proof), "ValidationException", "Name is missing"),
                (
                    Ask.reading("GetParameter", ["Name": 1], as: proof), "ValidationException",
                    "Name is a number"
                ),
                (
                    Ask.reading("GetParameter", ["Name": ""], as: proof), "ValidationException",
                    "Name has 0 bytes"
                ),
                (
                    Ask.reading("GetParameters", ["Names": []], as: proof), "ValidationException",
                    "Names is a list of 0"
                ),
                (
                    Ask.reading("GetParameters", ["Names": eleven], as: proof), "ValidationException",
                    "Names is a list of 11"
                ),
                (Ask.reading("GetParameters", [:], as: proof), "ValidationException", "Names is missing"),
                (
                    Ask.reading("GetParameter", [], as: proof), "SerializationException",
                    "The body is an array"
                ),
                (Ask.reading("PutParameter", [:], as: proof), "UnknownOperationException", "X-Amz-Target is"),
                (
                    Ask.reading("DescribeParameters", [:]), "MissingAuthenticationTokenException",
                    "The request carries"
                ),
            ]
            for (ask, code, message) in asks {
                let answer = try plane.ask(ask)
                #expect(answer.code == code, "\(answer.text)")
                #expect(answer.message?.hasPrefix(message) == true, "\(answer.text)")
            }
        }
    }
}

extension JSON {
    /// The same with one piece of its text for another.
    fileprivate func replacing(_ old: String, _ new: String) throws -> JSON {
        try JSON(parsing: Array(String(decoding: encoded, as: UTF8.self).replacing(old, with: new).utf8))
    }
}
