import Base
import TestSupport
import Testing

@testable import ControlPlane

/// Alarms that others tell: one at a time, or many by an Alertmanager.
@Suite(.timeLimit(.minutes(10))) struct AlarmRoutesTests {
    private static func firing(_ name: String, _ print: String, _ status: String = "firing") -> JSON {
        [
            "status": .string(status), "fingerprint": .string(print),
            "labels": ["alertname": .string(name), "severity": "page"],
            "annotations": ["summary": .string("\(name) is bad"), "runbook": "x"],
            "startsAt": "2026-11-22T10:00:00Z", "endsAt": "0001-01-01T00:00:00Z", "generatorURL": "http://p",
        ]
    }

    private static func message(_ alerts: JSON...) -> JSON {
        [
            "version": "4", "groupKey": "{}:{}", "truncatedAlerts": 0, "status": "firing", "receiver": "x",
            "groupLabels": [:], "commonLabels": [:], "commonAnnotations": [:], "externalURL": "http://am",
            "alerts": .array(alerts),
        ]
    }

    @Test func `an alarm is put, read, listed and taken away`() async throws {
        try await withPlane { plane in
            let path = "/v1/alarms/High%20errors"
            let body: JSON = ["state": "ALARM", "reason": "12 %", "maxAge": "PT90S"]
            let put = try plane.ask("PUT", path, body).json?["alarm"]
            #expect(put?["name"] == "High errors" && put?["state"] == "ALARM" && put?["reason"] == "12 %")
            #expect(put?["fedBy"] == "api" && put?["maxAge"] == "PT90S" && put?["firing"] == 0)
            let (updated, stale) = (put?["updatedAt"]?.double ?? 0, put?["staleAt"]?.double ?? 0)
            #expect(abs(stale - updated - 90) < 0.01 && put?["changedAt"] == put?["updatedAt"])
            #expect(try plane.ask("GET", path).json?["alarm"] == put)
            #expect(try plane.ask("GET", "/v1/alarms").json?["alarms"] == .array([try #require(put)]))
            let plain = try plane.ask("PUT", path, ["state": "OK"]).json?["alarm"]
            #expect(plain?["maxAge"] == "PT5M" && plain?["reason"] == .null, "a put says all there is")
            #expect(try plane.ask("DELETE", path).json?["alarm"]?["state"] == "OK")
            let told = "There is no alarm High errors in this account."
            for method in ["GET", "DELETE"] {
                #expect(
                    try plane.ask(method, path).failure == .init(404, "ResourceNotFoundException", told)
                )
            }
        }
    }

    @Test func `telling the same again and again leaves no trace in the audit`() async throws {
        try await withPlane { plane in
            for state in ["OK", "OK", "ALARM", "ALARM", "ALARM", "OK"] {
                #expect(try plane.ask("PUT", "/v1/alarms/errors", ["state": .string(state)]).status == 200)
            }
            for status in ["firing", "firing", "resolved"] {
                let message = Self.message(Self.firing("Slow", "1", status))
                #expect(try plane.ask("POST", "/v1/alertmanager", message).status == 200)
            }
            let events = try plane.ask("GET", "/v1/audit?maxResults=5").json?["events"]?.elements ?? []
            let told = events.map { "\($0["action"]?.text ?? "") \($0["details"]?["state"]?.text ?? "")" }
            #expect(
                told == [
                    "alarm.told OK", "alarm.told ALARM", "alarm.put OK", "alarm.put ALARM", "alarm.put OK",
                ]
            )
        }
    }

    @Test func `what is wrong with an alarm is said, all of it`() async throws {
        try await withPlane { plane in
            let bad = try plane.ask(
                "PUT",
                "/v1/alarms/a%07b",
                ["state": "ok", "reason": 1, "maxAge": "PT0S", "fedBy": "me", "x": 1]
            )
            let told =
                "alarmName is \"a?b\": the name of an alarm, 1 to 255 characters without control characters, is accepted; "
                + "state is \"ok\": one of OK, ALARM, INSUFFICIENT_DATA is accepted; "
                + "reason is a number: a text of at most 512 characters is accepted; "
                + "maxAge is \"PT0S\": a length of time in whole seconds from PT1S to P7D, such as PT5M, is accepted; "
                + "fedBy is \"me\": api or alertmanager is accepted; "
                + "x is not known here: fedBy, maxAge, reason, state are."
            #expect(bad.failure == .init(400, "ValidationException", told))
        }
    }

    @Test func `Alertmanager's messages make alarms, and change those that it tells of`() async throws {
        try await withPlane { plane in
            let named: JSON = [
                "status": "firing", "fingerprint": "ff",
                "labels": ["alertname": "Other", "faultplane_alarm": "ours"],
            ]
            let nameless: JSON = ["status": "firing", "fingerprint": "ee", "labels": ["severity": "page"]]
            let first = try plane.ask(
                "POST",
                "/v1/alertmanager",
                Self.message(Self.firing("Errors", "a1"), Self.firing("Errors", "a2"), named, nameless)
            )
            #expect(first.json?["ignored"] == 1)
            let changed = first.json?["changed"]?.elements ?? []
            #expect(changed.map { $0["name"] } == ["Errors", "ours"])
            #expect(changed.first?["reason"] == "Errors is bad" && changed.first?["firing"] == 2)
            #expect(changed.first?["fedBy"] == "alertmanager")
            let second = try plane.ask(
                "POST",
                "/v1/alertmanager",
                Self.message(Self.firing("Errors", "a1", "resolved"))
            )
            #expect(second.json == ["changed": [], "ignored": 0])
            let third = try plane.ask(
                "POST",
                "/v1/alertmanager",
                Self.message(Self.firing("Errors", "a2", "resolved"))
            )
            #expect(third.json?["changed"]?[0]?["state"] == "OK")
        }
    }

    @Test func `a message that was cut off raises alarms, calls none OK and is no sign of life`() async throws
    {
        try await withPlane { plane in
            func hear(_ alerts: JSON..., truncated: JSON = 0) throws -> [String] {
                let answer = try plane.ask(
                    "POST",
                    "/v1/alertmanager",
                    .object([
                        .init("version", "4"), .init("truncatedAlerts", truncated),
                        .init("alerts", .array(alerts)),
                    ])
                )
                #expect(answer.status == 200, "\(answer.text)")
                return (answer.json?["changed"]?.elements ?? []).map {
                    "\($0["name"]?.text ?? "") \($0["state"]?.text ?? "")"
                }
            }
            func stale(_ name: String) throws -> JSON? {
                try plane.ask("GET", "/v1/alarms/\(name)").json?["alarm"]?["staleAt"]
            }
            let calm = Self.firing("Calm", "c1", "resolved")
            #expect(try hear(Self.firing("Errors", "a1"), calm) == ["Calm OK", "Errors ALARM"])
            let before = try stale("Calm")
            let cut = try hear(
                Self.firing("Errors", "a1", "resolved"),
                calm,
                Self.firing("New", "n1", "resolved"),
                Self.firing("Slow", "s1"),
                truncated: 3
            )
            #expect(cut == ["Slow ALARM"])
            #expect(try stale("Calm") == before && before != nil)
            #expect(try plane.ask("GET", "/v1/alarms/New").status == 404)
            #expect(try plane.ask("GET", "/v1/alarms/Errors").json?["alarm"]?["state"] == "ALARM")
            #expect(try hear(Self.firing("Errors", "a1", "resolved")) == ["Errors OK"])
            #expect(try stale("Calm") != before)
        }
    }

    @Test func `what is no message of Alertmanager's is refused, and says where`() async throws {
        try await withPlane { plane in
            let rows: [(JSON, String)] = [
                (
                    ["version": "3", "alerts": []],
                    "version is \"3\": \"4\", of Alertmanager's webhook messages, is accepted."
                ),
                (
                    ["alerts": []],
                    "version is missing: \"4\", of Alertmanager's webhook messages, is accepted."
                ),
                (["version": "4", "alerts": 1], "alerts is a number: a list of alerts is accepted."),
                (
                    ["version": "4", "alerts": ["x", ["status": "firing", "fingerprint": "a b"], 7]],
                    "alerts[0].status is missing: firing or resolved is accepted; "
                        + "alerts[1].fingerprint is \"a b\": 1 to 64 letters and digits are accepted; "
                        + "alerts[2].status is missing: firing or resolved is accepted."
                ),
            ]
            for (body, told) in rows {
                let answer = try plane.ask("POST", "/v1/alertmanager", body)
                #expect(answer.failure == .init(400, "ValidationException", told))
            }
        }
    }
}
