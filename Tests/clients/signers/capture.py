"""A peer that takes requests on loopback, keeps their bytes, and answers `{}`."""

import socket
import threading
from dataclasses import dataclass


@dataclass(frozen=True)
class Captured:
    """One request as it came over the wire."""

    head: bytes
    body: bytes

    @property
    def lines(self):
        return self.head.split(b"\r\n")

    def header(self, name):
        for line in self.lines[1:]:
            key, _, value = line.partition(b":")
            if key.strip().lower() == name.encode():
                return value.strip().decode("latin-1")
        return None


class Capture:
    """Listens on a port of the system's choice and takes one request per connection."""

    def __init__(self):
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._listener.settimeout(30)
        self.port = self._listener.getsockname()[1]
        self.endpoint = f"http://127.0.0.1:{self.port}"

    def during(self, send):
        """Runs `send`, which must make one request, and returns that request."""
        taken = []
        thread = threading.Thread(target=lambda: taken.append(self._take()))
        thread.start()
        send()
        thread.join(30)
        if not taken:
            raise RuntimeError("the signer sent no request")
        return taken[0]

    def _take(self):
        connection, _ = self._listener.accept()
        with connection:
            connection.settimeout(30)
            data = b""
            while b"\r\n\r\n" not in data:
                data += self._receive(connection)
            head, body = data.split(b"\r\n\r\n", 1)
            request = Captured(head, b"")
            length = int(request.header("content-length") or 0)
            if request.header("expect"):
                connection.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
            while len(body) < length:
                body += self._receive(connection)
            connection.sendall(
                b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
                b"Content-Length: 2\r\nConnection: close\r\n\r\n{}"
            )
            return Captured(head, body)

    @staticmethod
    def _receive(connection):
        chunk = connection.recv(1 << 16)
        if not chunk:
            raise RuntimeError("the signer hung up in the middle of its request")
        return chunk
