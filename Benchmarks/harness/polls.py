"""Polls answered at once, by Faultplane and by others who answer the very same text: who spends how much on each."""

import re
import socket
from contextlib import ExitStack
from pathlib import Path

from .delivery import Scene
from .load import request_bytes
from .peers import Kind, Peer, Setting, kinds, start_bare, start_nginx_polls
from .plane import Plane, target

KINDS = ["200", "304"]
PATHS = {"200": "/v1/faults/bench-00000000", "304": "/v1/faults/bench-00000001"}
INSTANCES = 20_000      # that poll by turns, so that none asks more often than it may
# What a server says by itself, or its configuration says elsewhere.
OWN_HEADERS = {"date", "content-type", "content-length"}


def whole_answer(peer: Peer, path: str, headers: str = "") -> bytes:
    """Every byte of one answer."""
    with socket.create_connection(("127.0.0.1", peer.port), timeout=10) as connection:
        connection.sendall(request_bytes(peer, "GET", path, headers="Connection: close\r\n" + headers))
        found = b""
        while chunk := connection.recv(65536):
            found += chunk
    return re.sub(rb"(?im)^connection: close\r\n", b"", found)


def split(answer: bytes) -> tuple[dict[str, str], bytes]:
    head, _, body = answer.partition(b"\r\n\r\n")
    return dict(line.split(": ", 1) for line in head.decode().split("\r\n")[1:]), body


class Race:
    """The same two requests to all."""

    def __init__(self, scene: Scene, plane: Plane):
        self.scene = scene
        plane.start(plane.template([target(0), target(1)]))
        headers, self.body = split(self._answered(plane, PATHS["200"], b"200"))
        self.headers = {"200": "", "304": f"If-None-Match: {headers['ETag']}\r\n"}
        unchanged = self._answered(plane, PATHS["304"], b"304", self.headers["304"])
        self.answers = {PATHS["200"]: whole_answer(plane.injectors, PATHS["200"] + "?instance=one"), PATHS["304"]: unchanged}
        self.shared = {name: value for name, value in headers.items() if name.lower() not in OWN_HEADERS}

    def _answered(self, plane: Plane, path: str, status: bytes, headers: str = "") -> bytes:
        found = b""

        def answers() -> bool:
            nonlocal found
            found = whole_answer(plane.injectors, path + "?instance=one", headers)
            return found.startswith(b"HTTP/1.1 " + status) and (status != b"200" or b'"experimentId"' in found)

        plane.until(answers, True, 20)
        return found

    def sample(self, peer: Peer, kind: str) -> dict:
        before = peer.server.cpu_ns()
        body = {"body": self.body} if kind == "200" else {}
        found = self.scene.load.run(
            "closed", peer, PATHS[kind] + "?instance=i-########", any_body=True, headers=self.headers[kind], status=int(kind),
            unique=True, wrap=INSTANCES, connections=self.scene.plan.connections, seconds=self.scene.plan.seconds, **body)
        spent = peer.server.cpu_ns() - before
        found["cpu_us"] = spent / 1000 / max(1, found["requests"])
        found["core_share"] = spent / 1e9 / found["seconds"]
        return found


def others(race: Race, setting: Setting) -> list[Kind]:
    """Who can be raced, and why others cannot."""
    missing = next(kind.missing for kind in kinds(["none"]) if kind.name == "nginx-inline")
    answers = {path: _file(setting.directory, number, text) for number, (path, text) in enumerate(race.answers.items())}
    return [
        Kind("bare", "bare C epoll loop (the limit)", {"poll"}, lambda kind, setting: start_bare(kind, setting, answers)),
        Kind("nginx-inline", "nginx inline `return`", {"poll"},
             lambda kind, setting: start_nginx_polls(kind, setting, race.shared, race.body, PATHS), missing)]


def _file(directory: Path, number: int, text: bytes) -> Path:
    path = directory / f"poll-answer-{number}"
    path.write_bytes(text)
    return path


def measured(scene: Scene) -> dict:
    samples, missing = [], {}
    with ExitStack() as stack:
        plane = stack.enter_context(scene.plane())
        race = Race(scene, plane)
        running = [plane.injectors]
        for kind in others(race, scene.setting):
            if kind.missing:
                missing[kind.name] = kind.missing
                continue
            peer = kind.start(kind, scene.setting)
            stack.enter_context(peer.server)
            peer.bearer = plane.injectors.bearer
            running.append(peer)
        for number in range(scene.plan.rounds):
            turn = number % len(running)
            for peer in running[turn:] + running[:turn]:
                for kind in KINDS:
                    found = race.sample(peer, kind)
                    samples.append({"bench": kind, "peer": peer.name, "round": number, **found})
                    scene.say(f"{kind} {peer.name:<14}{found['per_second']:,.0f}/s, CPU {found['cpu_us']:.2f} us"
                              + (f", {found['errors']} ERRORS" if found["errors"] else ""))
    sizes = {path: len(text) for path, text in race.answers.items()}
    wrong = [f"{one['peer']}, {one['bench']}: {one['errors']} errors; {one.get('stderr', '')}"
             for one in samples if one["errors"]]
    return {"samples": samples, "missing": missing, "peers": {peer.name: peer.label for peer in running}, "sizes": sizes,
            "wrong": wrong}
