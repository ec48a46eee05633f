"""A server that answers wrongly on purpose, to see whether the load generator notices."""

import re
import socketserver
import threading
from collections.abc import Callable

from harness.peers import Peer

Behaviour = Callable[["Liar", int, str], bytes]


def answer(body: bytes, status: str = "200 OK", length: int | None = None) -> bytes:
    size = len(body) if length is None else length
    return f"HTTP/1.1 {status}\r\nContent-Length: {size}\r\n\r\n".encode() + body


class Liar(socketserver.ThreadingTCPServer):
    """Hands (request number, path) to a behaviour and sends what comes back; b"" hangs up."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, behaviour: Behaviour):
        super().__init__(("127.0.0.1", 0), _Handler)
        self.behaviour, self.requests = behaviour, 0
        self.lock, self.waiting = threading.Lock(), []

    def __enter__(self) -> Peer:
        threading.Thread(target=self.serve_forever, args=(0.01,), daemon=True).start()
        return Peer("liar", "liar", None, self.server_address[1], set())

    def handle_error(self, request: object, client_address: object) -> None:
        """A load generator that has seen enough resets its connections: no news here."""

    def __exit__(self, *_: object) -> None:
        self.shutdown()
        self.server_close()


class _Handler(socketserver.BaseRequestHandler):
    def handle(self) -> None:
        received = b""
        while chunk := self.request.recv(65536):
            received += chunk
            out = b""
            while b"\r\n\r\n" in received:
                head, _, received = received.partition(b"\r\n\r\n")
                with self.server.lock:
                    number = self.server.requests
                    self.server.requests += 1
                path = head.split()[1].decode()
                if path.startswith("/bench/"):
                    self.park(path)
                    continue
                if not (one := self.server.behaviour(self.server, number, path)):
                    return
                out += one
            if out:
                self.request.sendall(out)

    def park(self, path: str) -> None:
        """The endpoints of parking; whom a wake reaches is for the behaviour to say, by number."""
        liar = self.server
        with liar.lock:
            if path.startswith("/bench/park?"):
                liar.waiting.append(self.request)
                early = liar.behaviour(liar, len(liar.waiting) - 1, "early")
                if early:
                    self.request.sendall(early)
            elif path == "/bench/parked":
                self.request.sendall(answer(b'{"parked":%d}' % len(liar.waiting)))
            else:
                for number, waiter in enumerate(liar.waiting):
                    waiter.sendall(liar.behaviour(liar, number, "wake"))
                liar.waiting.clear()
                self.request.sendall(answer(b"{}"))


def number_in(path: str) -> int:
    return int(re.search(r"\d{8}", path).group(0))
