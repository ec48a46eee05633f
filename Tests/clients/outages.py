"""What becomes of a function with chaos_lambda when the control plane is slow, refuses or is gone; prints the tables of docs/clients.md.

usage: .venv/bin/python Tests/clients/outages.py [SECONDS]

SECONDS is how long an invocation is waited for (400). Every setting meets every outage, at the same time where that is one outage.
"""

import contextlib
import http.client
import json
import os
import pathlib
import select
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from plane import REPOSITORY, Key, Plane, until

GUARD = REPOSITORY / "docs" / "examples" / "chaos_lambda_guard.py"
NAME = "/faultplane/chaos_lambda/checkout"
SLOW = 1.0
# Settings by what the table calls them: environment variables, and what the function runs first.
SETTINGS: dict[str, tuple[dict[str, str], list[pathlib.Path]]] = {
    "nothing": ({}, []),
    "`AWS_MAX_ATTEMPTS=1`": ({"AWS_MAX_ATTEMPTS": "1"}, []),
    "`AWS_RETRY_MODE=legacy`": ({"AWS_RETRY_MODE": "legacy"}, []),
    "`AWS_DEFAULTS_MODE=in-region`": ({"AWS_DEFAULTS_MODE": "in-region"}, []),
    "timeouts in the file of `AWS_CONFIG_FILE`": ({"AWS_CONFIG_FILE": "CONFIG"}, []),
    "`AWS_MAX_ATTEMPTS=1`, `AWS_DEFAULTS_MODE=in-region`": (
        {"AWS_MAX_ATTEMPTS": "1", "AWS_DEFAULTS_MODE": "in-region"}, []),
    "the guard": ({}, [GUARD]),
}
OUTAGES = ["slow", "500", "refused", "hangs", "dropped"]
CONFIG = "[default]\nconnect_timeout = 1\nread_timeout = 1\ntimeout = 1\n"


@dataclass(frozen=True)
class Outcome:
    """How one invocation went; without an answer in the time that was given, `seconds` is None."""

    error: str | None
    seconds: float | None
    calls: int

    @property
    def kind(self) -> str:
        if self.seconds is None:
            return "waits"
        return f"fails `{self.error}`" if self.error else "runs"

    @property
    def cell(self) -> str:
        return self.kind if self.seconds is None else f"{self.kind} {self.seconds:.1f} s"


class Reader:
    """A function of a process of its own."""

    def __init__(self, endpoint: str, folder: pathlib.Path, setting: str = "nothing", name: str = NAME):
        given, first = SETTINGS[setting]
        (folder / "config").write_text(CONFIG)
        settings = {**given, "AWS_CONFIG_FILE": str(folder / "config")} if "AWS_CONFIG_FILE" in given else given
        environment = {
            "PATH": os.environ["PATH"], "AWS_ENDPOINT_URL_SSM": endpoint, "CHAOS_PARAM": name,
            "AWS_ACCESS_KEY_ID": "none", "AWS_SECRET_ACCESS_KEY": "none", "AWS_DEFAULT_REGION": "us-east-1",
            "AWS_CONFIG_FILE": os.devnull, "AWS_SHARED_CREDENTIALS_FILE": os.devnull, **settings,
        }
        self._process = subprocess.Popen(
            [sys.executable, pathlib.Path(__file__).with_name("chaos_reader.py"), *first],
            env=environment, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        )
        said = self._process.stdout.readline()
        assert said == "ready\n", f"the function did not start and said {said!r}"

    def begin(self) -> None:
        self._process.stdin.write("\n")
        self._process.stdin.flush()
        self._began = time.monotonic()

    def outcome(self, patience: float) -> Outcome:
        left = max(0.0, self._began + patience - time.monotonic())
        ready, _, _ = select.select([self._process.stdout], [], [], left)
        return Outcome(**json.loads(self._process.stdout.readline())) if ready else Outcome(None, None, 0)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._process.kill()
        self._process.communicate()


class Between(ThreadingHTTPServer):
    """What stands between function and server: hands everything on late, or answers 500 itself."""

    daemon_threads = True

    def __init__(self, port: int, is_broken: bool):
        pause = threading.Event()

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                body = self.rfile.read(int(self.headers["content-length"]))
                status, answer = 500, b"{}"
                if not is_broken:
                    pause.wait(SLOW)
                    status, answer = handed_on(port, self.path, self.headers, body)
                self.send_response(status)
                self.send_header("content-length", str(len(answer)))
                self.end_headers()
                with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                    self.wfile.write(answer)

            def log_message(self, *_):
                pass

        super().__init__(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def __exit__(self, *_):
        self.shutdown()
        self.server_close()


def handed_on(port, path, headers, body) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request("POST", path, body, {name: headers[name] for name in ("x-amz-target", "content-type")})
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


@contextlib.contextmanager
def dropping():
    """A port that no connection is made to: its queue is full, so the kernel drops what comes."""
    with contextlib.ExitStack() as opened:
        listener = opened.enter_context(socket.socket())
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        for _ in range(8):
            filler = opened.enter_context(socket.socket())
            filler.setblocking(False)
            filler.connect_ex(listener.getsockname())
        yield listener.getsockname()[1]


def agent(plane: Plane, targets: str = "checkout") -> Key:
    """A key as a function has it."""
    body = json.dumps({"role": "agent", "name": "functions", "targetPattern": targets}).encode()
    answer = plane.bearer("POST", "/v1/keys", body).json
    return Key(answer["key"]["id"], answer["secret"])


def endpoint(port: int, key: Key) -> str:
    return f"http://127.0.0.1:{port}/t/{key.id}.{key.secret}"


def met(endpoints: dict[str, str], folder: pathlib.Path, patience: float, settings=tuple(SETTINGS), after=lambda: None):
    """What each setting makes of each of these outages, all at a time; `after` is called when the functions have started."""
    with contextlib.ExitStack() as running:
        readers = {
            (outage, setting): running.enter_context(Reader(url, folder, setting))
            for outage, url in endpoints.items() for setting in settings
        }
        after()
        for reader in readers.values():
            reader.begin()
        return {which: reader.outcome(patience) for which, reader in readers.items()}


def refused(plane: Plane, folder: pathlib.Path) -> dict[str, Outcome]:
    """What a function meets that a server in good health does not let read, or that asks for what is not there."""
    revoked, others = agent(plane), agent(plane, "payments")
    plane.bearer("DELETE", f"/v1/keys/{revoked.id}")
    asked = {
        "a key that was revoked": (revoked, NAME),
        "a secret that is wrong": (others.reversed, NAME),
        "a key for other targets": (others, NAME),
        "a function that nobody knows": (agent(plane, "*"), "/faultplane/chaos_lambda/nobody"),
        "a name that is bound to nothing": (agent(plane, "*"), "/my/own/name"),
    }
    found = {}
    for what, (key, name) in asked.items():
        with Reader(endpoint(plane.port, key), folder, name=name) as reader:
            reader.begin()
            found[what] = reader.outcome(30)
    return found


def freeze(pid: int) -> None:
    """When it returns, no thread of it runs any more."""
    os.kill(pid, signal.SIGSTOP)
    tasks = pathlib.Path(f"/proc/{pid}/task")
    until(
        lambda: {(task / "stat").read_text().rpartition(")")[2].split()[0] for task in tasks.iterdir()},
        lambda states: states == {"T"})


def outages(plane: Plane, folder: pathlib.Path, patience: float, settings=tuple(SETTINGS)):
    """All outages in turn; ends with the server killed."""
    key = agent(plane)
    url = endpoint(plane.port, key)
    with Between(plane.port, False) as slow, Between(plane.port, True) as broken:
        found = met(
            {"slow": endpoint(slow.server_port, key), "500": endpoint(broken.server_port, key)}, folder, patience, settings)
    with dropping() as port:
        frozen = met(
            {"hangs": url, "dropped": endpoint(port, key)}, folder, patience, settings, lambda: freeze(plane.process.pid))
        plane.process.send_signal(signal.SIGCONT)

    def kill():
        plane.process.kill()
        plane.process.wait()

    return found | frozen | met({"refused": url}, folder, patience, settings, kill)


def asked_table(found: dict[str, Outcome]) -> str:
    lines = [f"| {what} | {outcome.cell} |" for what, outcome in found.items()]
    return "\n".join(["| asked with | the function |", "|---|---|", *lines])


def outages_table(found: dict[tuple[str, str], Outcome]) -> str:
    lines = [f"| {' | '.join([setting, *(found[outage, setting].cell for outage in OUTAGES)])} |" for setting in SETTINGS]
    return "\n".join([f"| set | {' | '.join(OUTAGES)} |", "|---" * (len(OUTAGES) + 1) + "|", *lines])


@contextlib.contextmanager
def doomed(folder: pathlib.Path):
    """A server that may be killed. Its PostgreSQL outlives that; another server takes it over, and ends it."""
    plane = Plane(folder)
    try:
        yield plane
    finally:
        plane.process.kill()
        plane.process.wait()
        plane.process.stdout.close()
        Plane(folder).stop()


def main(patience: float) -> None:
    with tempfile.TemporaryDirectory() as scratch:
        folder = pathlib.Path(scratch)
        with doomed(folder) as plane:
            print(asked_table(refused(plane, folder)), flush=True)
            print(f"\n{outages_table(outages(plane, folder, patience))}")


if __name__ == "__main__":
    main(float(sys.argv[1]) if len(sys.argv) > 1 else 400)
