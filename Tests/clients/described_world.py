"""What there must be on a plane so that every operation of its description has something to be done to."""

import itertools
import json
import time
import urllib.parse

ROLE = "arn:aws:iam::000000000000:role/Faults"
FUNCTION = "arn:aws:lambda:us-east-1:000000000000:function:checkout"
TEAM = "210987654321"
TELEMETRY = {
    "reports": [
        {
            "target": "checkout",
            "instance": "i-1",
            "sequence": 1,
            "since": 1790000000.5,
            "invocations": 3,
            "errors": 1,
            "injected": {"EXPaaaaaaaaaaaaaaa/Delay": 1},
            "durations": {"12": 3},
        }
    ]
}
HYPOTHESIS = {
    "title": "The checkout answers",
    "probes": [
        {"name": "is up", "source": "prometheus", "value": "up == 0", "requires": "up", "for": "10s"},
        {
            "name": "queue", "source": "http", "value": "http://queue.invalid/length", "pointer": "/length",
            "tolerance": {"min": 0, "max": 12.5}, "breaches": 2, "of": 3,
        },
    ],
    "recoveryTimeout": "PT2M",
}
_numbers = itertools.count(1)


def template(number: int) -> dict:
    return {
        "clientToken": f"described-{number}",
        "description": "Slow the checkout down, then wait",
        "targets": {"Checkout": {"resourceType": "aws:lambda:function", "resourceArns": [FUNCTION], "selectionMode": "ALL"}},
        "actions": {
            "Delay": {
                "actionId": "aws:lambda:invocation-add-delay",
                "parameters": {"duration": "PT1M", "startupDelayMilliseconds": "200"},
                "targets": {"Functions": "Checkout"},
            },
            "Wait": {"actionId": "aws:fis:wait", "parameters": {"duration": "PT1M"}, "startAfter": ["Delay"]},
        },
        "stopConditions": [{"source": "none"}],
        "roleArn": ROLE,
        "tags": {"team": "checkout"},
        "logConfiguration": {"logSchemaVersion": 2, "s3Configuration": {"bucketName": "logs"}},
        "experimentOptions": {"accountTargeting": "multi-account"},
    }


class World:
    """A template with an account, a run of it, a target and a key, made anew for each test."""

    def __init__(self, plane):
        self.plane = plane
        self.number = next(_numbers)
        self._ask("PUT", f"/v1/targets/{urllib.parse.quote(FUNCTION, safe='')}", {"resourceType": "aws:lambda:function"})
        made = self._ask("POST", "/experimentTemplates", template(self.number))["experimentTemplate"]
        self._ask("POST", f"/experimentTemplates/{made['id']}/targetAccountConfigurations/{TEAM}", {"roleArn": ROLE})
        start = {"clientToken": f"run-{self.number}", "experimentTemplateId": made["id"]}
        run = self._ask("POST", "/experiments", start)["experiment"]
        # Runs that began before have none.
        self._ask("PUT", f"/v1/templates/{made['id']}/hypothesis", HYPOTHESIS)
        agent = self._ask("POST", "/v1/keys", {"role": "agent", "name": "reader", "targetPattern": "*"})
        binding = {"target": "checkout", "dialect": "chaos_lambda"}
        self._ask("PUT", f"/v1/bindings/%2Fdescribed%2F{self.number}", binding)
        self._ask("PUT", f"/v1/alarms/described-{self.number}", {"state": "OK"})
        key = self._ask("POST", "/v1/keys", {"role": "viewer", "name": "to be revoked"})["key"]
        self.template, self.run = made["id"], run["id"]
        self._paths = {
            "templateId": made["id"],
            "experimentId": run["id"],
            "accountId": TEAM,
            "actionId": "aws:fis:wait",
            "resourceType": "aws:lambda:function",
            "leverId": "default",
            "resourceArn": made["arn"],
            "arn": FUNCTION,
            "target": "checkout",
            "keyId": key["id"],
            "name": f"/described/{self.number}",
            "alarmName": f"described-{self.number}",
            "token": f"{agent['key']['id']}.{agent['secret']}",
        }

    def paths(self, names) -> dict[str, str]:
        """What stands in a path for what is there."""
        return {name: urllib.parse.quote(self._paths[name], safe="") for name in names}

    def body(self, operation: str) -> dict | None:
        """A request that the operation takes as it is."""
        bodies = {
            "CreateKey": {"role": "agent", "name": "injectors", "targetPattern": "checkout-*"},
            "CreateAccount": {"id": f"{300_000_000_000 + self.number}", "name": f"team {self.number}"},
            "CreateExperimentTemplate": {**template(self.number), "clientToken": f"another-{self.number}"},
            "UpdateExperimentTemplate": {"description": "another"},
            "CreateTargetAccountConfiguration": {"roleArn": ROLE, "description": "theirs"},
            "UpdateTargetAccountConfiguration": {"description": "another"},
            "PutHypothesis": HYPOTHESIS,
            "TagResource": {"tags": {"service": "checkout"}},
            "PutTarget": {"resourceType": "aws:lambda:function", "tags": {"a": "b"}, "attributes": {"Runtime": "x"}},
            "AcknowledgeFaults": {"instance": "i-1", "version": 1, "status": "rejected", "reason": "too much"},
            "StartExperiment": {
                "clientToken": f"another-{self.number}",
                "experimentTemplateId": self.template,
                "experimentOptions": {"actionsMode": "skip-all"},
            },
            "UpdateSafetyLeverState": {"state": {"status": "engaged", "reason": "a test"}},
            "PutBinding": {"target": "checkout", "dialect": "failure-lambda"},
            "PutAlarm": {"state": "INSUFFICIENT_DATA", "reason": "nobody knows", "maxAge": "PT1M", "fedBy": "alertmanager"},
            "ReceiveAlerts": {
                "version": "4",
                "alerts": [{"status": "firing", "labels": {"alertname": f"described-{self.number}"}, "fingerprint": "a1"}],
            },
            "CheckStopConditions": {
                "stopConditions": [{"source": "alarm", "value": f"alarm:described-{self.number} max-age 1m"}],
                "targets": ["checkout"],
            },
            "ReadParameters": {"Name": "/faultplane/chaos_lambda/checkout"},
            "ReadParametersByToken": {"Name": "/faultplane/chaos_lambda/checkout"},
            "ReadParametersByTokenAndSlash": {"Name": "/faultplane/chaos_lambda/checkout"},
            "ReportTelemetry": TELEMETRY,
            "ReportTelemetryByToken": TELEMETRY,
            "EmergencyStop": {"reason": "a test"},
        }
        return bodies.get(operation)

    def end(self) -> None:
        """Stops what a test started, and disengages the lever where it engaged it."""
        self._ask("POST", "/emergency-stop", {"reason": "the test is over", "scope": "account"})
        deadline = time.monotonic() + 20
        while (status := self._lever()) == "engaging":
            # It is engaged as soon as all has stopped.
            assert time.monotonic() < deadline, "the lever is still being engaged"
        if status == "engaged":
            state = {"status": "disengaged", "reason": "the test is over"}
            self._ask("PATCH", "/safetyLevers/default/state", {"state": state})

    def _lever(self) -> str:
        return self._ask("GET", "/safetyLevers/default")["safetyLever"]["state"]["status"]

    def _ask(self, method: str, path: str, body: dict | None = None) -> dict:
        answer = self.plane.bearer(method, path, json.dumps(body).encode() if body is not None else b"")
        assert answer.status == 200, (method, path, answer.body)
        return answer.json
