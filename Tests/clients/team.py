"""A team on the plane: an account of its own, and what its tests ask for."""

import functools
import json
import secrets
import urllib.parse

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError
from plane import Answer, Key, until

FINAL = {"completed", "stopped", "failed", "cancelled"}
FUNCTION = "aws:lambda:function"
ROLE = "arn:aws:iam::111122223333:role/experiments"


@functools.cache
def _session():
    """One session: reading the model takes longer than most tests."""
    return boto3.session.Session()


def client(plane, key=None, token=None):
    """boto3's own FIS client, with the address of the plane and without retries."""
    key = key or plane.key
    return _session().client(
        "fis",
        endpoint_url=plane.url,
        region_name="us-east-1",
        aws_access_key_id=key.id,
        aws_secret_access_key=key.secret,
        aws_session_token=token,
        config=Config(retries={"total_max_attempts": 1}, proxies={}),
    )


def refusal(call, *arguments, **members):
    """Status, name and text of the error that a call of boto3 raises, which keeps to the envelope."""
    try:
        given = call(*arguments, **members)
    except ClientError as error:
        status = error.response["ResponseMetadata"]["HTTPStatusCode"]
        return status, error.response["Error"]["Code"], error.response["Error"]["Message"]
    raise AssertionError(f"it was accepted: {given}")


def quoted(text):
    """As one segment of a path."""
    return urllib.parse.quote(text, safe="")


def action(kind, duration="PT1S", after=(), target=None, **parameters):
    """One action of a template; `kind` is the last part of its id. Nobody polls here for most of their faults."""
    service = "fis" if kind == "wait" else "lambda"
    nobody = {} if kind == "wait" else {"ifUnheld": "complete"}
    made = {"actionId": f"aws:{service}:{kind}", "parameters": {"duration": duration, **nobody, **parameters}}
    if target:
        made["targets"] = {"Functions": target}
    if after:
        made["startAfter"] = list(after)
    return made


def wait(duration="PT1S", *after):
    return action("wait", duration, after)


def delay(target, duration="PT1S", *after):
    return action("invocation-add-delay", duration, after, target, startupDelayMilliseconds="2000")


def functions(*arns, mode="ALL", **members):
    """A target of functions: by their ARNs, or by what else is said."""
    given = {"resourceArns": list(arns)} if arns else {}
    return {"resourceType": FUNCTION, "selectionMode": mode, **given, **members}


def body(actions=None, targets=None, **members):
    """What CreateExperimentTemplate is given, token aside."""
    return {
        "description": "made by a test",
        "stopConditions": [{"source": "none"}],
        "roleArn": ROLE,
        "targets": targets or {},
        "actions": actions or {"Wait": wait("PT1H")},
        **members,
    }


class Team:
    """An account with an admin's key; nothing in it is anybody else's."""

    def __init__(self, plane):
        self.plane = plane
        self.account = f"{secrets.randbelow(10**12):012}"
        self._made("/v1/accounts", {"id": self.account, "name": f"team {self.account}"})
        self.key = self.new_key("admin")
        self.fis = client(plane, self.key)

    def _made(self, path, content):
        answer = self.plane.bearer("POST", path, json.dumps(content).encode())
        assert answer.status == 200, answer.body
        return answer.json

    def new_key(self, role, **members):
        made = self._made("/v1/keys", {"role": role, "name": "a test's", "account": self.account, **members})
        return Key(made["key"]["id"], made["secret"])

    def ask(self, method, path, content=None, key=None) -> Answer:
        """Sends a request without any AWS library, JSON in and out."""
        key = key or self.key
        headers = {"Authorization": f"Bearer {key.id}.{key.secret}", "Content-Type": "application/json"}
        return self.plane.ask(method, path, headers, b"" if content is None else json.dumps(content).encode())

    def arn(self, name):
        return f"arn:aws:lambda:us-east-1:{self.account}:function:{name}"

    def register(self, name, tags=None, attributes=None, kind=FUNCTION):
        """Makes a function of that name known, or the resource of that ARN; gives the ARN."""
        arn = name if name.startswith("arn:") else self.arn(name)
        content = {"resourceType": kind, "tags": tags or {}, "attributes": attributes or {}}
        answer = self.ask("PUT", f"/v1/targets/{quoted(arn)}", content)
        assert answer.status == 200, answer.body
        return arn

    def faults(self, arn, instance="one"):
        """What an injector is told of its target."""
        answer = self.ask("GET", f"/v1/faults/{quoted(arn)}?instance={instance}")
        assert answer.status == 200, answer.body
        return answer.json["faults"]

    def template(self, actions=None, targets=None, **members):
        """The id of a new template."""
        return self.fis.create_experiment_template(**body(actions, targets, **members))["experimentTemplate"]["id"]

    def start(self, template=None, **members):
        """The id of a new run; without a template, of one that waits for an hour."""
        made = self.fis.start_experiment(experimentTemplateId=template or self.template(), **members)
        return made["experiment"]["id"]

    def read(self, run):
        return self.fis.get_experiment(id=run)["experiment"]

    def reached(self, run, *statuses, seconds=20.0):
        """The run as soon as it has one of these states."""
        return until(lambda: self.read(run), lambda found: found["state"]["status"] in statuses, seconds)

    def ended(self, run, seconds=20.0):
        return self.reached(run, *FINAL, seconds=seconds)

    def run(self, actions=None, targets=None, **members):
        """A run from its template to its end."""
        return self.ended(self.start(self.template(actions, targets, **members)))

    def active(self):
        """The ids of the runs that have not ended."""
        pages = self.fis.get_paginator("list_experiments").paginate()
        found = [run for page in pages for run in page["experiments"]]
        return [run["id"] for run in found if run["state"]["status"] not in FINAL]

    def lever(self, status, reason):
        """Moves the lever as the deployment's admin, the only one who may disengage it; gives its state."""
        content = json.dumps({"state": {"status": status, "reason": reason}}).encode()
        return self.plane.bearer("PATCH", "/safetyLevers/default/state", content)

    def disengage(self):
        """Leaves the lever as other tests expect it."""
        until(lambda: self.lever("disengaged", "a test is over"), lambda answer: answer.status == 200)
