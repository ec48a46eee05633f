"""The real `faultplane serve` with its embedded database, and what people and injectors ask of it."""

import itertools
import json
import re
import time
import urllib.parse
from pathlib import Path

from .load import ask, request_bytes
from .peers import SUBJECT, Peer
from .processes import Server, ServerFailed, descriptors_of, end_all
from .startup import listening

ROLE = "arn:aws:iam::000000000000:role/Faults"
TARGET = "arn:aws:lambda:us-east-1:000000000000:function:bench-@"
POLL = "/v1/faults/bench-@@@@@@@@?instance=i-########"
# Injectors are paced by instance; what one key may ask in all is not what is measured.
FLAGS = ["--listen", "127.0.0.1:0", "--log-level", "warning", "--rate", "1000000", "--quota", "experiments=1000,resources=20000,templates=1000"]


def target(number: int) -> str:
    return TARGET.replace("@", f"{number:08d}")


def template(targets: list[str]) -> dict:
    return {
        "clientToken": f"bench-{targets[0]}", "description": "bench", "roleArn": ROLE, "stopConditions": [{"source": "none"}],
        "targets": {"Functions": {"resourceType": "aws:lambda:function", "resourceArns": targets, "selectionMode": "ALL"}},
        "actions": {"Fail": {"actionId": "aws:lambda:invocation-error", "targets": {"Functions": "Functions"},
                             "parameters": {"duration": "PT1H", "preventExecution": "true"}}}}


class Plane:
    """A context manager that leaves no process behind, even when the server was killed."""

    def __init__(self, command: list[str], core: int | None, directory: Path, loops: int = 1,
                 flags: list[str] | None = None):
        directory.mkdir(parents=True)
        directory.chmod(0o755)
        self.data, self.log, self.core = directory / "data", directory / "serve.log", core
        self.command = [*command, "serve", "--data-dir", str(self.data), "--loops", str(loops), *FLAGS, *(flags or [])]
        self.numbers, self.killed = itertools.count(1), []
        self.bearers = {"admin": "none.none", "agent": "none.none"}
        self._start()
        try:
            keys = dict(re.findall(r"^(aws_\w+) = (\S+)$", (self.data / "credentials").read_text(), re.MULTILINE))
            self.bearers["admin"] = f"{keys['aws_access_key_id']}.{keys['aws_secret_access_key']}"
            key = self.call("POST", "/v1/keys", {"role": "agent", "name": "bench", "targetPattern": "*"})
            self.bearers["agent"] = key["bearer"]
        except BaseException:
            self.__exit__()
            raise

    def _start(self) -> None:
        self.server = Server(self.command, self.core, self.log)
        try:
            self.port = listening(self.server)
        except BaseException:
            self.server.stop()
            raise

    def _peer(self, role: str) -> Peer:
        return Peer(SUBJECT, "Faultplane", self.server, self.port, {"poll"}, bearer=self.bearers[role])

    @property
    def admin(self) -> Peer:
        return self._peer("admin")

    @property
    def injectors(self) -> Peer:
        return self._peer("agent")

    def __enter__(self) -> "Plane":
        return self

    def __exit__(self, *_: object) -> None:
        self.server.stop(30)
        end_all(self.killed)

    def kill(self) -> None:
        """As a crash does it: the server is gone at once, and what it had started is left to itself."""
        self.killed += descriptors_of(self.server.pids())
        self.server.process.kill()
        self.server.process.wait()

    def restart(self) -> None:
        """On the same data directory; returns when it listens."""
        self.server.process.stdout.close()
        self._start()

    def call(self, method: str, path: str, body: dict | None = None) -> dict:
        status, answer = ask(self.admin, method, path, b"" if body is None else json.dumps(body).encode())
        if status != 200:
            raise ServerFailed(f"{method} {path} answers {status}: {answer.decode()}")
        return json.loads(answer) if answer else {}

    def request(self, method: str, path: str, body: dict | None = None) -> bytes:
        """The same as bytes, for somebody else to send at the right moment."""
        return request_bytes(self.admin, method, path, b"" if body is None else json.dumps(body).encode())

    def template(self, targets: list[str]) -> str:
        """Its targets are registered: who has only polled is known a little later."""
        for one in targets:
            self.call("PUT", f"/v1/targets/{urllib.parse.quote(one, safe='')}", {"resourceType": "aws:lambda:function"})
        return self.call("POST", "/experimentTemplates", template(targets))["experimentTemplate"]["id"]

    def start_request(self, template: str) -> bytes:
        body = {"clientToken": f"run-{next(self.numbers)}", "experimentTemplateId": template}
        return self.request("POST", "/experiments", body)

    def start(self, template: str) -> str:
        """Starts a run and returns its id once its fault is served."""
        body = {"clientToken": f"run-{next(self.numbers)}", "experimentTemplateId": template}
        run = self.call("POST", "/experiments", body)["experiment"]["id"]
        self.until(lambda: self.call("GET", f"/experiments/{run}")["experiment"]["actions"]["Fail"]["state"]["status"],
                   "running", 20)
        return run

    def disengage(self) -> None:
        lever = "/safetyLevers/default"
        self.until(lambda: self.call("GET", lever)["safetyLever"]["state"]["status"], "engaged", 60)
        self.call("PATCH", lever + "/state", {"state": {"status": "disengaged", "reason": "the next round"}})

    def until(self, found: object, wanted: object, seconds: float) -> None:
        deadline = time.monotonic() + seconds
        while (value := found()) != wanted:
            if time.monotonic() > deadline:
                raise ServerFailed(f"still {value!r} and not {wanted!r} after {seconds} s")
            time.sleep(0.02)

    def metric(self, name: str) -> float:
        """The sum over all labels."""
        _, page = ask(self.admin, "GET", "/metrics")
        found = re.findall(rf"^{name}(?:\{{[^}}]*\}})? (\S+)$", page.decode(), re.MULTILINE)
        if not found:
            raise ServerFailed(f"/metrics has no {name}")
        return sum(float(value) for value in found)

    def memory(self) -> dict:
        """Of the server's own process, in KiB: now, and the most there ever was."""
        # `taskset` has become the program that it starts.
        status = Path(f"/proc/{self.server.process.pid}/status").read_text()
        return {name: int(re.search(rf"^{name}:\s+(\d+) kB$", status, re.MULTILINE).group(1)) for name in ("VmRSS", "VmHWM")}
