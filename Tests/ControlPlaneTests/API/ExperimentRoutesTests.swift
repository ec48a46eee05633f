import Base
import TestSupport
import Testing

@testable import ControlPlane

/// `/experiments`, over HTTP.
@Suite(.timeLimit(.minutes(10))) struct ExperimentRoutesTests {
    @Test func `a started run is shown whole, with all that its template says`() async throws {
        try await withPlane { plane in
            try plane.function()
            let template = try plane.template(Sample.delay())
            let body = Sample.start(template, [.init("tags", ["team": "payments"])])
            let started = try plane.ask("POST", "/experiments", body)
            #expect(started.status == 200)
            let made = try #require(started.json?["experiment"], "\(started.text)")
            let id = try #require(made["id"]?.text)
            #expect(
                made.members?.map(\.name) == [
                    "id", "arn", "experimentTemplateId", "roleArn", "state", "targets", "actions",
                    "stopConditions", "creationTime", "startTime", "tags", "experimentOptions",
                ]
            )
            #expect(made["arn"]?.text == "arn:aws:fis:us-east-1:000000000000:experiment/\(id)")
            #expect(made["experimentTemplateId"]?.text == template && made["tags"] == ["team": "payments"])
            #expect(made["state"] == ["status": "running", "reason": "Experiment is running."])
            #expect(
                made["experimentOptions"] == [
                    "accountTargeting": "single-account", "emptyTargetResolutionMode": "fail",
                    "actionsMode": "run-all",
                ]
            )
            let running = try #require(try plane.experiment(id))
            #expect(running["state"] == ["status": "running", "reason": "Experiment is running."])
            #expect(running["startTime"]?.double != nil && running["endTime"] == nil)
            #expect(running["actions"]?["Delay"]?["state"] == ["status": "running", "reason": ""])

            let stopped = try plane.ask("DELETE", "/experiments/\(id)")
            #expect(stopped.json?["experiment"]?["state"]?["status"] == "stopping")
            try await plane.wait(for: "stopped", of: id)
            let ended = try #require(try plane.experiment(id))
            #expect(ended["state"] == ["status": "stopped", "reason": "Experiment stopped by request."])
            #expect(ended["endTime"]?.double != nil)
            #expect(ended["actions"]?["Delay"]?["state"]?["status"] == "stopped")
            let again = try plane.ask("DELETE", "/experiments/\(id)")
            #expect(again.status == 200 && again.json?["experiment"] == ended)
        }
    }

    @Test func `the same token starts one run, and no other`() async throws {
        try await withPlane { plane in
            let (one, other) = (try plane.template(), try plane.template())
            let first = try plane.ask("POST", "/experiments", Sample.start(one, token: "t"))
            let again = try plane.ask("POST", "/experiments", Sample.start(one, token: "t"))
            let id = try #require(first.json?["experiment"]?["id"]?.text)
            #expect(again.json?["experiment"]?["id"]?.text == id)
            let told = "The clientToken was used before with another request: a new one is accepted."
            let tagged = Sample.start(one, token: "t", [.init("tags", ["a": "b"])])
            let skipping = Sample.start(one, token: "t", [Sample.skipped])
            for body in [Sample.start(other, token: "t"), tagged, skipping] {
                let refused = try plane.ask("POST", "/experiments", body)
                #expect(refused.failure == .init(409, "ConflictException", told))
            }
            #expect(try plane.ask("DELETE", "/experimentTemplates/\(one)").status == 200)
            let late = try plane.ask("POST", "/experiments", Sample.start(one, token: "t"))
            #expect(late.json?["experiment"]?["id"]?.text == id, "the template is gone, the run is not")
            let theirs = try plane.key(.operator, account: try plane.account("222222222222"))
            let foreign = try plane.ask(
                Ask("POST", "/experiments", as: theirs.bearer, Sample.start(other, token: "t"))
            )
            let unknown = "There is no experiment template \(other) in this account."
            #expect(foreign.failure == .init(404, "ResourceNotFoundException", unknown))
            let listed = try plane.ask("GET", "/experiments").json?["experiments"]?.elements
            #expect(listed?.count == 1)
        }
    }

    @Test func `an account has as many active runs as it may, and another its own`() async throws {
        try await withPlane {
            $0.quotas.activeExperiments = 2
        } _: { plane in
            let template = try plane.template()
            let ids = try (0..<2).map { _ in try plane.start(template) }
            let refused = try plane.ask("POST", "/experiments", Sample.start(template))
            let told =
                "2 experiments of this account have not ended, and 2 may be active at once. "
                + "Stop one, or wait until one ends."
            #expect(refused.failure == .init(402, "ServiceQuotaExceededException", told))
            let theirs = try plane.key(.admin, account: try plane.account("222222222222")).bearer
            _ = try plane.start(try plane.template(nil, as: theirs), as: theirs)
            #expect(try plane.ask("DELETE", "/experiments/\(ids[0])").status == 200)
            try await plane.wait(for: "stopped", of: ids[0])
            _ = try plane.start(template)
        }
    }

    @Test func `skip-all looks for the targets and does nothing`() async throws {
        try await withPlane { plane in
            try plane.function()
            let id = try plane.start(try plane.template(Sample.delay()), [Sample.skipped])
            try await plane.wait(for: "completed", of: id)
            let ended = try #require(try plane.experiment(id))
            #expect(ended["experimentOptions"]?["actionsMode"] == "skip-all")
            #expect(ended["actions"]?["Delay"]?["state"]?["status"] == "skipped")
            let targets = try plane.ask("GET", "/experiments/\(id)/resolvedTargets")
            #expect(
                targets.json == [
                    "resolvedTargets": [
                        [
                            "resourceType": "aws:lambda:function", "targetName": "One",
                            "targetInformation": ["arn": .string(Sample.arn)],
                        ]
                    ]
                ]
            )
            let none = try plane.ask("GET", "/experiments/\(id)/resolvedTargets?targetName=Two")
            let told = #"targetName is "Two": the name of one of the template's targets is accepted."#
            #expect(none.failure == .init(400, "ValidationException", told))
        }
    }

    @Test func `a target that nobody knows fails the run, and says why`() async throws {
        try await withPlane { plane in
            let id = try plane.start(try plane.template(Sample.delay(of: "nowhere")))
            try await plane.wait(for: "failed", of: id)
            let state = try plane.experiment(id)?["state"]
            #expect(state?["error"]?["code"] == "InvalidTarget")
            #expect(state?["error"]?["location"] == "One")
            #expect(state?["error"]?["accountId"] == "000000000000")
            #expect(state?["reason"]?.text?.contains("nowhere") == true, "\(state ?? .null)")
            let targets = try plane.ask("GET", "/experiments/\(id)/resolvedTargets")
            #expect(targets.text == #"{"resolvedTargets":[]}"#)
        }
    }

    @Test func `runs are listed newest first, all or those of one template`() async throws {
        try await withPlane { plane in
            let (one, other) = (try plane.template(), try plane.template())
            let ids = try [one, other, one].map { try plane.start($0) }
            func listed(_ query: String) throws -> [String?]? {
                try plane.ask("GET", "/experiments" + query).json?["experiments"]?.elements?.map {
                    $0["id"]?.text
                }
            }
            #expect(try listed("") == [ids[2], ids[1], ids[0]])
            #expect(try listed("?experimentTemplateId=\(one)") == [ids[2], ids[0]])
            #expect(try listed("?experimentTemplateId=none") == [])
            let first = try plane.ask("GET", "/experiments?maxResults=2")
            let token = try #require(first.json?["nextToken"]?.text)
            #expect(try listed("?maxResults=2&nextToken=\(token)") == [ids[0]])
            let line = first.json?["experiments"]?[0]
            #expect(
                line?.members?.map(\.name) == [
                    "id", "arn", "experimentTemplateId", "state", "creationTime", "tags", "experimentOptions",
                ]
            )
        }
    }

    @Test func `a run keeps the accounts' roles as they were when it started`() async throws {
        try await withPlane { plane in
            let template = try plane.template(
                Sample.template(token: Sample.fresh(), [Sample.forSeveralAccounts])
            )
            let path = "/experimentTemplates/\(template)/targetAccountConfigurations"
            for account in ["111111111111", "222222222222"] {
                let body: JSON = ["roleArn": .string(Sample.role)]
                #expect(try plane.ask("POST", "\(path)/\(account)", body).status == 200)
            }
            let id = try plane.start(template)
            #expect(try plane.ask("DELETE", "\(path)/111111111111").status == 200)
            let own = "/experiments/\(id)/targetAccountConfigurations"
            let first: JSON = ["accountId": "111111111111", "roleArn": .string(Sample.role)]
            let second: JSON = ["accountId": "222222222222", "roleArn": .string(Sample.role)]
            let listed = try plane.ask("GET", own)
            #expect(listed.json == ["targetAccountConfigurations": [first, second]])
            let page = try plane.ask("GET", "\(own)?maxResults=1")
            let token = try #require(page.json?["nextToken"]?.text)
            let rest = try plane.ask("GET", "\(own)?maxResults=1&nextToken=\(token)")
            #expect(rest.json == ["targetAccountConfigurations": [second]])
            let one = try plane.ask("GET", "\(own)/111111111111")
            #expect(one.json == ["targetAccountConfiguration": first])
            let none = try plane.ask("GET", "\(own)/333333333333")
            let told = "The experiment \(id) has no configuration for account 333333333333."
            #expect(none.failure == .init(404, "ResourceNotFoundException", told))
            #expect(try plane.experiment(id)?["targetAccountConfigurationsCount"] == 2)
        }
    }

    @Test func `a run's tags are changed while it runs and after it has ended`() async throws {
        try await withPlane { plane in
            let id = try plane.start(try plane.template(), [.init("tags", ["a": "1", "b": "2"])])
            let path = "/tags/" + Sample.encoded("arn:aws:fis:us-east-1:000000000000:experiment/\(id)")
            #expect(try plane.ask("GET", path).json == ["tags": ["a": "1", "b": "2"]])
            #expect(try plane.ask("POST", path, ["tags": ["b": "3", "c": "4"]]).text == "{}")
            #expect(try plane.ask("DELETE", path + "?tagKeys=a").text == "{}")
            #expect(try plane.experiment(id)?["tags"] == ["b": "3", "c": "4"])
            #expect(try plane.ask("DELETE", "/experiments/\(id)").status == 200)
            try await plane.wait(for: "stopped", of: id)
            #expect(try plane.ask("POST", path, ["tags": ["d": "5"]]).text == "{}")
            #expect(try plane.experiment(id)?["tags"] == ["b": "3", "c": "4", "d": "5"])
        }
    }

    @Test(arguments: ["EXPaaaaaaaaaaaaaa1", "none", "EXP0", "a%2Fb"])
    func `an experiment that is not there is not found on any of its routes`(_ id: String) async throws {
        try await withPlane { plane in
            let path = "/experiments/\(id)"
            let told = "There is no experiment \(id.replacing("%2F", with: "/")) in this account."
            let asks = [
                ("GET", path), ("DELETE", path), ("GET", path + "/resolvedTargets"),
                ("GET", path + "/targetAccountConfigurations"),
                ("GET", path + "/targetAccountConfigurations/111111111111"), ("GET", path + "/events"),
                ("GET", path + "/log"),
            ]
            for (method, path) in asks {
                let answer = try plane.ask(method, path)
                #expect(answer.failure == .init(404, "ResourceNotFoundException", told), "\(method) \(path)")
            }
        }
    }
}
