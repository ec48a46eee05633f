"""Asks a peer: single requests from Python, floods through the load generator."""

import json
import socket
import subprocess
from pathlib import Path

from .peers import Peer


class LoadFailed(Exception):
    """The load generator could not do its work at all (a wrong answer is no such failure, it is a result)."""


def request_bytes(peer: Peer, method: str, path: str, body: bytes = b"", headers: str = "") -> bytes:
    """The request as it goes over the wire, with the same headers for every peer."""
    head = f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{peer.port}\r\nAuthorization: Bearer {peer.bearer}\r\n{headers}"
    if method != "GET":
        head += f"Content-Length: {len(body)}\r\n"
    return head.encode() + b"\r\n" + body


def ask(peer: Peer, method: str, path: str, body: bytes = b"") -> tuple[int, bytes]:
    """One request on a connection of its own; the status and the body."""
    with socket.create_connection(("127.0.0.1", peer.port), timeout=10) as connection:
        connection.sendall(request_bytes(peer, method, path, body))
        with connection.makefile("rb") as stream:
            status = int(stream.readline().split()[1])
            length = 0
            while (line := stream.readline().strip()):
                name, _, value = line.partition(b":")
                if name.lower() == b"content-length":
                    length = int(value)
            return status, stream.read(length)


class Load:
    """The compiled generator, pinned to its core, with a directory for the files it reads."""

    def __init__(self, program: Path, core: int | None, directory: Path, document: bytes):
        self.program, self.core, self.directory = program, core, directory
        directory.mkdir(parents=True, exist_ok=True)
        self.document = self.file("document", document)

    def file(self, name: str, content: bytes) -> str:
        path = self.directory / name
        path.write_bytes(content)
        return str(path)

    def run(self, mode: str, peer: Peer, path: str, any_body: bool = False, headers: str = "", **options: object) -> dict:
        """One run; keywords become flags: bytes a file's name, a list the flag repeated, True the flag alone."""
        return self.send(mode, peer, request_bytes(peer, "GET", path, headers=headers), any_body, **options)

    def post(self, peer: Peer, path: str, body: bytes, **options: object) -> dict:
        """A closed loop of one request with a body, in which `########` is another number each time."""
        return self.send("closed", peer, request_bytes(peer, "POST", path, body), True, unique=True, **options)

    def command(self, mode: str, peer: Peer, request: bytes, any_body: bool, options: dict) -> list[str]:
        """What starts the generator."""
        pinned = [] if self.core is None else ["taskset", "--cpu-list", str(self.core)]
        command = [*pinned, str(self.program), mode, "--port", str(peer.port),
                   "--request", self.file("request", request)]
        if not any_body:
            command += ["--body", self.document]
        for name, value in options.items():
            flag = "--" + name.replace("_", "-")
            if isinstance(value, bytes):
                value = self.file(name, value)
            for one in value if isinstance(value, list) else [value]:
                command += [flag] if one is True else [flag, str(one)]
        return command

    def send(self, mode: str, peer: Peer, request: bytes, any_body: bool, **options: object) -> dict:
        """One run of a request as it stands."""
        command = self.command(mode, peer, request, any_body, options)
        done = subprocess.run(command, capture_output=True, text=True, timeout=600)
        if done.returncode not in (0, 1):
            raise LoadFailed(f"{peer.name}, {mode}: {done.stderr.strip() or done.returncode}")
        result = json.loads(done.stdout)
        if done.stderr:
            result["stderr"] = done.stderr.strip()
        return result
