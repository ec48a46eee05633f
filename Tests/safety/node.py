"""A node of the plane under test, and the injector beside it."""

import http.client
import json
import pathlib
import re
import signal
import urllib.parse

from processes import Child, Trouble, boot, free_port, until

FUNCTION = "aws:lambda:function"
ROLE = "arn:aws:iam::000000000000:role/fis"


class Node:
    """`faultplane serve` on a port that stays the same over restarts; everybody on loopback is its admin."""

    def __init__(self, name: str, binary: pathlib.Path, folder: pathlib.Path, database: str, lease: float,
                 flags: tuple[str, ...] = (), moved: list[str] | None = None):
        self.name, self.binary, self.folder, self.database, self.lease = name, binary, folder, database, lease
        self.flags, self.moved = flags, moved or []
        self.port = free_port()
        self.data = folder / f"data-{name}"
        self.child: Child | None = None

    def start(self, wait: bool = True, **environment: str) -> None:
        self.child = Child(
            [*(["env", *self.moved] if self.moved else []), self.binary, "serve", "--listen", f"127.0.0.1:{self.port}",
             "--data-dir", self.data, "--database-url", self.database, "--no-auth", "--lease", f"{self.lease:g}", *self.flags],
            self.folder / f"{self.name}.log", **environment)
        if wait:
            said = self.child.line()
            if not re.fullmatch(r"listening on http://127\.0\.0\.1:\d+", said):
                raise Trouble(f"expected 'listening on http://127.0.0.1:PORT' from node {self.name}, got '{said}'")

    def request(self, method: str, path: str, body: dict | None = None, seconds: float = 30.0) -> tuple[int, dict]:
        """Status and content; raises OSError where no answer comes in time."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=seconds)
        try:
            content = None if body is None else json.dumps(body).encode()
            connection.request(method, path, content, {"Content-Type": "application/json"})
            answer = connection.getresponse()
            read = answer.read()
            return answer.status, json.loads(read) if read else {}
        except (http.client.HTTPException, ValueError) as error:
            raise OSError(f"{method} {path} of node {self.name}: {error}") from error
        finally:
            connection.close()

    def ask(self, method: str, path: str, body: dict | None = None, seconds: float = 30.0) -> dict:
        """What it answers to what it must not refuse."""
        try:
            status, content = self.request(method, path, body, seconds)
        except OSError as error:
            raise Trouble(f"{method} {path} of node {self.name} was not answered: {error}") from error
        if status != 200:
            raise Trouble(f"{method} {path} of node {self.name} answers {status}, wanted 200: {content}")
        return content

    def is_ready(self) -> bool:
        try:
            return self.request("GET", "/readyz", seconds=2)[0] == 200
        except OSError:
            return False

    def register(self, target: str) -> None:
        self.ask("PUT", f"/v1/targets/{urllib.parse.quote(target, safe='')}",
                 {"resourceType": FUNCTION, "tags": {}, "attributes": {}})

    def template(self, target: str, seconds: float, token: str, guard: dict | None = None) -> str:
        """The id of a template with one action, Fail, that makes every invocation fail for so long; with one stop condition or none."""
        made = self.ask("POST", "/experimentTemplates", {
            "clientToken": token, "description": "safety", "roleArn": ROLE, "stopConditions": [guard or {"source": "none"}],
            "targets": {"Fns": {"resourceType": FUNCTION, "selectionMode": "ALL", "resourceArns": [target]}},
            "actions": {"Fail": {"actionId": "aws:lambda:invocation-error", "targets": {"Functions": "Fns"},
                                 "parameters": {"duration": f"PT{seconds:.0f}S", "preventExecution": "true"}}}})
        return made["experimentTemplate"]["id"]

    def run(self, template: str, token: str) -> str:
        """The id of a new run."""
        made = self.ask("POST", "/experiments", {"clientToken": token, "experimentTemplateId": template})["experiment"]
        return made["id"]

    def status(self, run: str) -> str:
        return self.ask("GET", f"/experiments/{run}")["experiment"]["state"]["status"]


class InjectorProcess:
    """`faultplane-injector`, real: it polls, injects into twenty invocations a second, and records both."""

    def __init__(self, program: pathlib.Path, folder: pathlib.Path, target: str, instance: str, port: int, data: pathlib.Path,
                 wait: int, moved: list[str] | None = None):
        self.instance = instance
        self.record = folder / f"injector-{instance}.jsonl"
        self.child = Child(
            [*(["env", *moved] if moved else []), program, target, "--url", f"http://127.0.0.1:{port}", "--data-dir", data,
             "--instance", instance, "--wait", str(wait), "--invocations-per-second", "20", "--record", self.record],
            folder / f"injector-{instance}.log")

    def lines(self) -> list[dict]:
        """What it has recorded so far; a line that is being written is left out."""
        if not self.record.exists():
            return []
        return [json.loads(part) for part in self.record.read_bytes().split(b"\n")[:-1]]

    def invocations(self) -> list[dict]:
        return [line for line in self.lines() if line["kind"] == "invoked"]

    def last_answer(self) -> int:
        """When it was last answered, on the boot clock."""
        return max(line["boot"] for line in self.lines() if line["kind"] == "answered")

    def is_injecting(self) -> bool:
        invocations = self.invocations()
        return bool(invocations) and bool(invocations[-1]["injected"])

    def await_injecting(self, seconds: float = 30.0) -> None:
        until(self.is_injecting, lambda found: found, f"{self.instance} to inject; {self.child.tail()}", seconds, every=0.05)

    def check_alive(self, since: int) -> None:
        """Not to inject must not be because nothing was invoked any more."""
        after = [line for line in self.invocations() if line["boot"] >= since]
        if not self.child.is_running or not after or boot() - after[-1]["boot"] > 2_000_000_000:
            raise Trouble(f"{self.instance} no longer looks what to inject, so this run shows nothing; {self.child.tail()}")

    def end(self) -> None:
        self.child.end(signal.SIGTERM, 5)
