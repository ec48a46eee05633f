import Base
import Experiments
import Store
import TestSupport
import Testing

@testable import ControlPlane

/// `/safetyLevers` and `/emergency-stop`, over HTTP.
@Suite(.timeLimit(.minutes(10))) struct LeverRoutesTests {
    private static let path = "/safetyLevers/default/state"

    private static func state(_ status: String, _ reason: String) -> JSON {
        ["state": ["status": .string(status), "reason": .string(reason)]]
    }

    /// Records an engagement and stops nothing, as a node does that dies in between.
    private func engageAndDie(_ plane: Plane, ago: Duration) async throws {
        let database = try plane.node.experiments.safety.opened()
        let now = plane.node.experiments.time.now
        _ = try await database.transaction { transaction throws(StoreError) in
            try transaction.leverEngage(
                History.context,
                LeverEngagement(id: "ENG1", epoch: 0, reason: "died", by: "operator", at: now),
                reason: "died",
                at: now + (.zero - ago)
            )
        }
        #expect(try await plane.soon { try plane.lever()?["status"] != "disengaged" })
    }

    @Test func `it is shown as FIS shows it`() async throws {
        try await withPlane { plane in
            let lever = try plane.ask("GET", "/safetyLevers/default")
            #expect(
                lever.json == [
                    "safetyLever": [
                        "id": "default", "arn": "arn:aws:fis:us-east-1:000000000000:safety-lever/default",
                        "state": [
                            "status": "disengaged", "reason": "The lever has never been engaged.",
                        ],
                    ]
                ]
            )
        }
    }

    @Test func `engaging stops the runs of all accounts, and disengaging lets the next ones run`()
        async throws
    {
        try await withPlane { plane in
            let id = try await plane.delaying()
            let theirs = try plane.key(.admin, account: try plane.account("222222222222")).bearer
            let foreign = try plane.start(try plane.template(nil, as: theirs), as: theirs)
            try await plane.wait(for: "running", of: foreign, as: theirs)
            let engaged = try plane.ask("PATCH", Self.path, Self.state("engaged", "drill"))
            #expect(engaged.status == 200)
            #expect(engaged.json?["safetyLever"]?["state"]?["reason"] == "drill")
            try await plane.wait(for: "stopped", of: id)
            try await plane.wait(for: "stopped", of: foreign, as: theirs)
            try await plane.waitUntilEngaged()
            let reason = "Experiment stopped by the safety lever: drill"
            #expect(try plane.experiment(id)?["state"]?["reason"]?.text == reason)

            let started = try plane.ask("POST", "/experiments", Sample.start(try plane.template()))
            let state = started.json?["experiment"]?["state"]
            #expect(state?["status"] == "cancelled")
            let cancelled =
                "Experiment cancelled because the safety lever was engaged before it started: "
                + "it stood engaged when the experiment was asked for."
            #expect(state?["reason"]?.text == cancelled)
            #expect(started.json?["experiment"]?["actions"]?["Pause"]?["state"]?["status"] == "cancelled")

            let over = try plane.ask("PATCH", Self.path, Self.state("disengaged", "over"))
            #expect(over.json?["safetyLever"]?["state"] == ["status": "disengaged", "reason": "over"])
            let next = try plane.start(try plane.template())
            try await plane.wait(for: "running", of: next)
            #expect(try plane.status(id) == "stopped")
        }
    }

    @Test func `only the first account's admin disengages`() async throws {
        try await withPlane { plane in
            let other = try plane.account("222222222222")
            let engaged = try plane.ask("PATCH", Self.path, Self.state("engaged", "drill"))
            #expect(engaged.json?["safetyLever"]?["state"]?["status"] == "engaged", "nothing ran")
            for (key, message) in [
                (try plane.key(.operator), "The key's role, operator, does not allow disengage."),
                (
                    try plane.key(.admin, account: other),
                    "Only an admin of the deployment's first account may do this (disengage)."
                ),
            ] {
                let body = Self.state("disengaged", "let me")
                let refused = try plane.ask(Ask("PATCH", Self.path, as: key.bearer, body))
                #expect(refused.failure == .init(403, "AccessDeniedException", message))
            }
            #expect(try plane.lever() == ["status": "engaged", "reason": "drill"])
        }
    }

    @Test func `while it is engaging it takes nothing but an emergency stop`() async throws {
        try await withPlane { plane in
            let id = try await plane.delaying()
            // Of the future, so that the run is left alone.
            try await engageAndDie(plane, ago: .seconds(-3_600))
            let told =
                "The lever is being engaged and what it stops has not all stopped; try again in a moment."
            for status in ["engaged", "disengaged"] {
                let refused = try plane.ask("PATCH", Self.path, Self.state(status, "again"))
                #expect(refused.failure == .init(409, "ConflictException", told), "\(status)")
            }
            #expect(try plane.lever() == ["status": "engaging", "reason": "died"])
            #expect(try plane.status(id) == "running")
            let stop = try plane.ask("POST", "/emergency-stop", ["reason": "now", "wait": 20])
            #expect(stop.json?["status"] == "engaged" && stop.json?["engagementId"] == "ENG1")
            #expect(try plane.status(id) == "stopped")
        }
    }

    @Test func `an engagement whose node died is carried out by the others`() async throws {
        try await withPlane { plane in
            let id = try await plane.delaying()
            try await engageAndDie(plane, ago: .seconds(10))
            try await plane.wait(for: "stopped", of: id)
            try await plane.waitUntilEngaged()
            let reason = "Experiment stopped by the safety lever: died"
            #expect(try plane.experiment(id)?["state"]?["reason"]?.text == reason)
        }
    }

    @Test func `an emergency stop tells what it stopped, and of other accounts only how many`()
        async throws
    {
        try await withPlane { plane in
            let before = try plane.ask("GET", "/emergency-stop")
            #expect(
                before.json == [
                    "status": "disengaged", "epoch": 1, "engagementId": .null,
                    "reason": "The lever has never been engaged.", "engagedAt": .null,
                    "offBy": .null, "durable": ["latch": false, "database": false],
                    "nodes": ["known": 1, "confirmed": 0, "silent": []], "experimentsStopped": [],
                    "experimentsStoppedOfOtherAccounts": 0,
                    "instances": [
                        "known": 0, "confirmed": 0, "off": 0, "silent": [], "silentCount": 0,
                        "untracked": 0, "nodesNotAsked": 0, "withoutLease": [], "withoutLeaseCount": 0,
                        "withoutLeaseKnownSince": .null,
                    ],
                ]
            )
            let id = try await plane.delaying()
            let theirs = try plane.key(.operator, account: try plane.account("222222222222")).bearer
            let stop = try plane.ask(Ask("POST", "/emergency-stop", as: theirs, ["reason": "smoke"]))
            #expect(stop.status == 200 && !stop.text.contains(id))
            #expect(stop.json?["experimentsStopped"] == [])
            #expect(stop.json?["experimentsStoppedOfOtherAccounts"] == 1)
            #expect(stop.json?["epoch"] == 2 && stop.json?["durable"] == ["latch": true, "database": true])
            #expect(stop.json?["nodes"] == ["known": 1, "confirmed": 1, "silent": []])
            let engagement = stop.json?["engagementId"]
            #expect(engagement?.text?.hasPrefix("ENG") == true)
            try await plane.waitUntilEngaged()
            let again = try plane.ask("POST", "/emergency-stop", ["reason": "more smoke"])
            #expect(again.json?["engagementId"] == engagement && again.json?["reason"] == "smoke")
            #expect(again.json?["epoch"] == 2 && again.json?["experimentsStopped"]?.elements?.count == 1)
            #expect(try plane.ask("GET", "/emergency-stop").json == again.json)
        }
    }

    @Test func `an emergency stop names the caller's own runs`() async throws {
        try await withPlane { plane in
            let id = try await plane.delaying()
            let stop = try plane.ask("POST", "/emergency-stop", ["reason": "smoke", "wait": 20])
            let arn = "arn:aws:fis:us-east-1:000000000000:experiment/\(id)"
            #expect(stop.json?["experimentsStopped"] == [.string(arn)])
            #expect(stop.json?["experimentsStoppedOfOtherAccounts"] == 0)
            #expect(stop.json?["status"] == "engaged")
        }
    }

    @Test func `a stop of one account's runs latches nothing and touches no other's`() async throws {
        try await withPlane { plane in
            let id = try await plane.delaying()
            let theirs = try plane.key(.admin, account: try plane.account("222222222222")).bearer
            let foreign = try plane.start(try plane.template(nil, as: theirs), as: theirs)
            try await plane.wait(for: "running", of: foreign, as: theirs)
            let stop = try plane.ask(
                Ask("POST", "/emergency-stop", as: theirs, ["reason": "mine", "scope": "account"])
            )
            let arn = "arn:aws:fis:us-east-1:222222222222:experiment/\(foreign)"
            #expect(stop.json == ["scope": "account", "experimentsStopped": [.string(arn)]])
            try await plane.wait(for: "stopped", of: foreign, as: theirs)
            #expect(try plane.status(id) == "running")
            #expect(try plane.lever()?["status"] == "disengaged")
            let audited = try plane.ask(Ask("GET", "/v1/audit?maxResults=1", as: theirs))
            #expect(audited.json?["events"]?[0]?["action"] == "experiment.stopped")
            #expect(audited.json?["events"]?[0]?["subject"]?.text == foreign)
        }
    }
}
