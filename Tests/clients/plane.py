"""A running server, as its clients see it."""

import configparser
import http.client
import json
import os
import pathlib
import re
import select
import shutil
import signal
import subprocess
import threading
import time
from dataclasses import dataclass

REPOSITORY = pathlib.Path(__file__).resolve().parent.parent.parent
ENVELOPE = ["__type", "message", "requestId"]
_PAUSE = threading.Event()


def until(read, wanted, seconds=20.0, every=0.02):
    """What `read` gives as soon as it is wanted; fails with what it gave last."""
    deadline = time.monotonic() + seconds
    while not wanted(found := read()):
        assert time.monotonic() < deadline, f"{seconds} s went by, and it is still {found}"
        _PAUSE.wait(every)
    return found


def binary() -> pathlib.Path:
    """The program as it was built last."""
    built = [path for path in REPOSITORY.glob(".build/*/faultplane") if path.is_file()]
    if not built:
        raise FileNotFoundError("there is no built program: run `swift build --product faultplane`")
    return max(built, key=lambda path: path.stat().st_mtime)


@dataclass(frozen=True)
class Key:
    id: str
    secret: str

    @property
    def reversed(self) -> "Key":
        return Key(self.id, self.secret[::-1])


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self):
        return json.loads(self.body)

    @property
    def failure(self) -> tuple[int, str, str]:
        """Status, name and text of an error that keeps to the envelope."""
        body = self.json
        assert list(body) == ENVELOPE, body
        assert self.headers["x-amzn-errortype"] == body["__type"]
        assert self.headers["x-amzn-requestid"] == body["requestId"]
        assert self.headers["content-type"] == "application/json"
        return self.status, body["__type"], body["message"]


class Plane:
    """A server on a port of its own choice, with a cluster of its own."""

    def __init__(self, folder: pathlib.Path, *flags: str):
        self.folder = folder / "data"
        self.log = folder / "log"
        environment = {name: value for name, value in os.environ.items() if not name.startswith(("FAULTPLANE_", "AWS_"))}
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                # Hundreds of tests share one key, and a fast machine asks oftener than any team.
                [binary(), "serve", "--listen", "127.0.0.1:0", "--data-dir", self.folder, "--log-sample", "1",
                 "--rate", "5000", *flags],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=log,
                env=environment,
            )
        self.port = self._port(time.monotonic() + 60)
        self.url = f"http://127.0.0.1:{self.port}"
        self.credentials = self.folder / "credentials"
        # On a machine so busy that the database takes long, a server listens before it has made a key.
        parsed = configparser.ConfigParser()
        until(lambda: parsed.read(self.credentials), lambda _: "default" in parsed, 60)
        default = parsed["default"]
        self.key = Key(default["aws_access_key_id"], default["aws_secret_access_key"])
        self.me = {"account": "000000000000", "role": "admin", "keyId": self.key.id}

    def _port(self, deadline: float) -> int:
        said = b""
        while not said.endswith(b"\n"):
            ready, _, _ = select.select([self.process.stdout], [], [], max(0, deadline - time.monotonic()))
            more = os.read(self.process.stdout.fileno(), 4096) if ready else b""
            if not more:
                self.stop()
                raise RuntimeError(f"the server did not say where it listens; its log: {self.log.read_text()}")
            said += more
        return int(re.fullmatch(rb"listening on http://127\.0\.0\.1:(\d+)\n", said).group(1))

    def ask(self, method: str, target: str, headers: dict[str, str] | None = None, body: bytes = b"") -> Answer:
        """Sends exactly this; `target` is not encoded once more."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.putrequest(method, target, skip_host=True, skip_accept_encoding=True)
            sent = {"Host": f"127.0.0.1:{self.port}", **(headers or {})}
            if body or method in ("POST", "PUT", "PATCH"):
                sent["Content-Length"] = str(len(body))
            for name, value in sent.items():
                connection.putheader(name, value)
            try:
                connection.endheaders(body or None)
            except (BrokenPipeError, ConnectionResetError):
                pass  # It has answered before it read all; the answer is there to be read.
            response = connection.getresponse()
            received = response.read()
            return Answer(response.status, {name.lower(): value for name, value in response.getheaders()}, received)
        finally:
            connection.close()

    def bearer(self, method: str, target: str, body: bytes = b"") -> Answer:
        return self.ask(method, target, {"Authorization": f"Bearer {self.key.id}.{self.key.secret}"}, body)

    def stop(self) -> int:
        """Ends the server, and removes what its PostgreSQL kept outside the folder; gives the exit code."""
        self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(30)
        finally:
            self.process.kill()
            self.process.stdout.close()
            location = self.folder / "cluster.location"
            if location.exists():
                shutil.rmtree(location.read_text().strip(), ignore_errors=True)
