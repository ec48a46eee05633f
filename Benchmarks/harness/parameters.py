"""Functions that read their SSM parameter at every invocation, beside native polls of the same functions and beside moto."""

import json
import urllib.parse
from contextlib import ExitStack

from .crowd import statements
from .delivery import Scene
from .load import request_bytes
from .peers import SUBJECT, Peer
from .plane import POLL, Plane, target, template
from .reader import Reader, key_of, plain_url, token_url

NAME = "/faultplane/chaos_lambda/bench-@@@@@@@@"
TAGS = {"bench": "reads"}
DELAY = 400
OFF = {"is_enabled": False}
ON = {"is_enabled": True, "fault_type": "latency", "delay": DELAY, "rate": 1}
INSTANCES = 20_000  # that poll by turns, so that none asks more often than it may
# What every answer must hold, by what is on; in a parameter the document is a string.
READ = {"off": ['bench-@@@@@@@@"', r'\"is_enabled\":false'],
        "on": ['bench-@@@@@@@@"', r'\"is_enabled\":true', r'\"fault_type\":\"latency\"', rf'\"delay\":{DELAY}']}
POLLED = {"off": ['function:bench-@@@@@@@@"', '"faults":[]'],
          "on": ['function:bench-@@@@@@@@"', '"aws:lambda:invocation-add-delay"']}
# How each is told of: `read` and `signed` and `poll` are asked of the same server.
LABELS = {"faultplane": "Faultplane, token in the path", "signed": "Faultplane, signed with its key",
          "poll": "Faultplane, native poll"}


def delay_template() -> dict:
    """A delay for every function with the tag: more of them than could be named."""
    found = template([target(0)])
    found["targets"]["Functions"] = {"resourceType": "aws:lambda:function", "resourceTags": TAGS, "selectionMode": "ALL"}
    found["actions"]["Fail"] |= {"actionId": "aws:lambda:invocation-add-delay", "parameters": {
        "duration": "PT1H", "startupDelayMilliseconds": str(DELAY), "invocationPercentage": "100"}}
    return found


class Reads:
    """One server, its functions, and who reads of it."""

    def __init__(self, scene: Scene, plane: Plane, reader: Reader, moto: Peer | None):
        self.scene, self.plane, self.reader, self.moto = scene, plane, reader, moto
        self.run, self.samples, self.wrong = None, [], []
        for number in range(scene.plan.targets):
            path = f"/v1/targets/{urllib.parse.quote(target(number), safe='')}"
            plane.call("PUT", path, {"resourceType": "aws:lambda:function", "tags": TAGS})
        self.template = plane.call("POST", "/experimentTemplates", delay_template())["experimentTemplate"]["id"]
        last = scene.plan.targets - 1
        self.names = [NAME.replace("@" * 8, f"{number:08d}") for number in range(last + 1)]
        self.sampled = [self.names[number] for number in sorted({0, last // 2, last})]
        self.url = token_url(plane.injectors)
        (self.request,) = reader.requests(self.url, [NAME])
        self.moto_request = reader.requests(plain_url(moto), [NAME])[0] if moto else b""
        self.signed = b""

    def sign(self) -> None:
        """The time in a signature may not be far from the server's."""
        ours = self.plane.injectors
        self.signed = b"".join(self.reader.requests(plain_url(ours), self.names, key_of(ours)))

    def turn(self, state: str) -> None:
        """Starts or stops the run where that is needed; returns when all functions read what they should."""
        if state == "on" and self.run is None:
            self.run = self.plane.start(self.template)
        if state == "off" and self.run is not None:
            self.plane.call("DELETE", f"/experiments/{self.run}")
            self.run = None
        self.plane.until(lambda: self.asked(state, requests=self.scene.plan.targets)["errors"], 0, 20)

    def asked(self, state: str, **options: object) -> dict:
        return self.scene.load.send("closed", self.plane.injectors, self.request, any_body=True, unique=True,
                                    targets=self.scene.plan.targets, wrap=self.scene.plan.targets, holds=READ[state], **options)

    def check(self, state: str) -> None:
        """By boto3, of some functions."""
        wanted = OFF if state == "off" else ON
        for name, found in self.reader.read(self.url, self.sampled).items():
            if found is None or found | wanted != found:
                self.wrong.append(f"{name} holds {json.dumps(found)}, wanted {json.dumps(wanted)}")

    def measure(self, state: str, number: int) -> None:
        asked = self.questions(state)
        turn = number % len(asked)
        for name, peer, question in asked[turn:] + asked[:turn]:
            self.sample(state, name, number, peer, question)

    def questions(self, state: str) -> list[tuple[str, Peer, dict]]:
        """Who is asked what, by name."""
        plan, ours = self.scene.plan, self.plane.injectors
        found = [
            (SUBJECT, ours, {"request": self.request, "wrap": plan.targets, "holds": READ[state]}),
            ("signed", ours, {"request": self.signed, "variants": plan.targets, "wrap": plan.targets, "holds": READ[state]}),
            ("poll", ours, {"request": request_bytes(ours, "GET", POLL), "wrap": INSTANCES, "holds": POLLED[state]})]
        if self.moto and state == "off":
            found.append(("moto", self.moto, {"request": self.moto_request, "wrap": plan.targets, "holds": READ[state]}))
        return found

    def sample(self, state: str, name: str, number: int, peer: Peer, question: dict) -> None:
        plan, own = self.scene.plan, [peer.server.process.pid]
        before, before_own = peer.server.cpu_ns(), peer.server.cpu_ns(own)
        found = self.scene.load.send("closed", peer, any_body=True, unique=True, targets=plan.targets,
                                     connections=plan.connections, seconds=plan.seconds, **question)
        spent, spent_own = peer.server.cpu_ns() - before, peer.server.cpu_ns(own) - before_own
        answered = max(1, found["requests"])
        self.samples.append({
            "bench": state, "peer": name, "round": number, "cpu_us": spent / 1000 / answered,
            "own_cpu_us": spent_own / 1000 / answered, "core_share": spent / 1e9 / found["seconds"],
            "p99_us": found["latency_us"]["p99"], **{key: found[key] for key in ("requests", "per_second", "errors")}})
        self.scene.say(f"{state:<4}{name:<12}{found['per_second']:,.0f}/s, CPU {spent / 1000 / answered:.2f} us"
                       + (f", {found['errors']} ERRORS" if found["errors"] else ""))
        if found["errors"]:
            self.wrong.append(f"{name}, {state}: {found['errors']} errors; {found.get('stderr', '')}")

    def statements(self, state: str) -> dict:
        """What the database does meanwhile, and how long readers wait, at a rate below saturation."""
        return statements(self.scene, self.plane, self.request, holds=READ[state])


def measured(scene: Scene, reader: Reader) -> dict:
    kind = reader.moto(NAME, OFF, scene.plan.targets)
    missing = {kind.name: kind.missing} if kind.missing else {}
    with ExitStack() as stack:
        moto = None if kind.missing else kind.start(kind, scene.setting)
        if moto:
            stack.enter_context(moto.server)
        reads = Reads(scene, stack.enter_context(scene.plane()), reader, moto)
        counted = _rounds(scene, reads)
        sizes = {"request": len(reads.request)}
    labels = LABELS | ({"moto": kind.label} if moto else {})
    return {"samples": reads.samples, "statements": counted, "missing": missing, "peers": labels, "sizes": sizes,
            "wrong": reads.wrong}


def _rounds(scene: Scene, reads: Reads) -> dict:
    """Every other round begins with what the one before it ended with."""
    counted = {}
    for number in range(scene.plan.rounds):
        reads.sign()
        for state in ["off", "on"] if number % 2 == 0 else ["on", "off"]:
            reads.turn(state)
            reads.check(state)
            if state not in counted:
                counted[state] = reads.statements(state)
            reads.measure(state, number)
            reads.check(state)
    return counted
