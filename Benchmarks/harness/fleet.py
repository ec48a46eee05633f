"""Many instances that poll as injectors do, kept by `load instances` and told what to do by lines."""

import http.client
import json
import select
import subprocess
import threading
import time

from .load import Load, LoadFailed, request_bytes
from .peers import Peer
from .plane import POLL, Plane

EVERY = 0.01  # how often the proof is asked for


class Fleet:
    """A context manager; the instances are gone with it."""

    def __init__(self, load: Load, plane: Plane, instances: int, targets: int = 1):
        self.load, self.plane, self.count = load, plane, instances
        request = request_bytes(plane.injectors, "GET", POLL + "&wait=50")
        command = load.command("instances", plane.injectors, request, True, {"connections": instances, "targets": targets})
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def __enter__(self) -> "Fleet":
        return self

    def __exit__(self, *_: object) -> None:
        self.process.stdin.close()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process.stdout.close()

    def tell(self, line: str, seconds: float) -> dict:
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()
        ready, _, _ = select.select([self.process.stdout], [], [], seconds)
        answer = self.process.stdout.readline() if ready else ""
        if not answer:
            raise LoadFailed(f"instances: no answer to '{line}' within {seconds} s")
        return json.loads(answer)

    def settle(self, seconds: float = 60) -> dict:
        """Until everybody has a version and waits, by their own word and by the server's."""
        found = self.tell(f"settle {seconds}", seconds + 10)
        if not found["settled"]:
            raise LoadFailed(f"the instances do not all wait: {found}")
        # Those whose time is up come and go while a fault is on.
        until, enough = time.monotonic() + seconds, 0.98 * self.count
        while (parked := self.plane.metric("faultplane_requests_parked")) < enough:
            if time.monotonic() > until:
                raise LoadFailed(f"{parked:.0f} of {self.count} wait by the server's own count")
            time.sleep(0.02)
        return found

    def fire(self, request: bytes, patience: float, target: int = -1, linger: float = 0.2) -> dict:
        """Sends a request, and times who of the target's instances (-1: of all) sees what it changed."""
        found = self.tell(f"fire {self.load.file('fire', request)} {target} {patience} {linger}", patience + linger + 10)
        if found["status"] != 200:
            raise LoadFailed(f"what was fired is answered {found['status']}: {found['body']}")
        return found

    def herd(self, peer: Peer, patience: float) -> dict:
        """All connect to a server at once, and ask until each has an answer that it may trust."""
        request = self.load.file("herd", request_bytes(peer, "GET", POLL))
        return self.tell(f"herd {peer.port} {request} {patience}", patience + 30)


class ProofWatch(threading.Thread):
    """Asks for the proof of a halt that is about to begin, until it says that every instance has confirmed."""

    def __init__(self, plane: Plane, patience: float):
        super().__init__(daemon=True)
        self.peer, self.until = plane.admin, time.monotonic() + patience
        self.before = plane.call("GET", "/emergency-stop").get("engagementId")
        self.found, self.done_ns, self.error = None, None, None

    def run(self) -> None:
        try:
            connection = http.client.HTTPConnection("127.0.0.1", self.peer.port, timeout=10)
            while self.done_ns is None and time.monotonic() < self.until and not self._told_nothing():
                connection.request("GET", "/emergency-stop", headers={"Authorization": f"Bearer {self.peer.bearer}"})
                proof = json.loads(connection.getresponse().read())
                if proof.get("engagementId") not in (None, self.before):
                    self._take(proof)
                time.sleep(EVERY)
            connection.close()
        except (OSError, http.client.HTTPException, ValueError) as error:
            self.error = str(error)

    def _take(self, proof: dict) -> None:
        instances = proof.get("instances") or {}
        self.found = {name: instances.get(name) for name in ("known", "confirmed", "off", "untracked")}
        if self.found["known"] and self.found["confirmed"] == self.found["known"]:
            self.done_ns = time.monotonic_ns()

    def _told_nothing(self) -> bool:
        """A server whose proof has no instances will not have them later either."""
        return self.found is not None and self.found["known"] is None

    def result(self, fired_ns: int) -> dict:
        self.join(max(0, self.until - time.monotonic()) + 15)
        spent = None if self.done_ns is None else (self.done_ns - fired_ns) / 1000
        return {"confirmed_us": spent, "instances": self.found, "error": self.error}
