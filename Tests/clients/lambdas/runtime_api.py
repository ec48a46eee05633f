"""The Lambda Runtime API as the real runtime finds it: hands out invocations, and takes what came of them."""

import itertools
import json
import queue
import re
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

ARN = "arn:aws:lambda:us-east-1:111122223333:function:checkout"
_RUNTIME = "/2018-06-01/runtime"
_DONE = re.compile(rf"{_RUNTIME}/invocation/([^/]+)/(response|error)")
_OVER = object()


@dataclass
class Invocation:
    """One event on its way to a function, and what the function made of it."""

    id: str
    event: object
    seconds_allowed: float
    done: threading.Event = field(default_factory=threading.Event)
    payload: object = None
    error: dict | None = None


class RuntimeAPI:
    """Listens on a port of its own choice, for one function that handles one event at a time."""

    def __init__(self):
        self.waiting: queue.Queue = queue.Queue()
        self.taken: dict[str, Invocation] = {}
        # What the function said that could not even be loaded.
        self.init_error: dict | None = None
        self._ids = itertools.count(1)
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), name="runtime API", daemon=True)
        self._thread.start()

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self._server.server_port}"

    def invoke(self, event, seconds: float = 30.0) -> Invocation:
        """What the function made of an event; fails where it takes longer than it may, as Lambda does."""
        invocation = Invocation(f"00000000-0000-4000-8000-{next(self._ids):012}", event, seconds)
        self.waiting.put(invocation)
        if not invocation.done.wait(seconds):
            raise TimeoutError(f"the task timed out after {seconds} s; when it was loaded: {self.init_error}")
        return invocation

    def close(self) -> None:
        self.waiting.put(_OVER)
        self._server.shutdown()
        self._server.server_close()


def _handler(api: RuntimeAPI):
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        # An answer goes out in one piece: in two, the second waits for the first to be acknowledged.
        wbufsize = -1

        def do_GET(self):
            if self.path != f"{_RUNTIME}/invocation/next":
                return self._answer(404, {"errorType": "NotFound", "errorMessage": self.path})
            invocation = api.waiting.get()
            if invocation is _OVER:
                api.waiting.put(_OVER)
                return self._answer(500, {"errorType": "Over", "errorMessage": "no more invocations will come"})
            api.taken[invocation.id] = invocation
            deadline = int((time.time() + invocation.seconds_allowed) * 1000)
            return self._answer(200, invocation.event, {
                "Lambda-Runtime-Aws-Request-Id": invocation.id,
                "Lambda-Runtime-Deadline-Ms": str(deadline),
                "Lambda-Runtime-Invoked-Function-Arn": ARN,
                "Lambda-Runtime-Trace-Id": "Root=1-00000000-000000000000000000000001;Sampled=0",
            })

        def do_POST(self):
            said = json.loads(self.rfile.read(int(self.headers["Content-Length"])) or b"null")
            if self.path == f"{_RUNTIME}/init/error":
                api.init_error = said
                return self._answer(202, {"status": "OK"})
            match = _DONE.fullmatch(self.path)
            invocation = api.taken.pop(match.group(1), None) if match else None
            if invocation is None:
                return self._answer(400, {"errorType": "InvalidRequestID", "errorMessage": self.path})
            if match.group(2) == "response":
                invocation.payload = said
            else:
                invocation.error = said
            # Before anybody is woken the function is told: it then waits for the next event already.
            self._answer(202, {"status": "OK"})
            invocation.done.set()
            return None

        def _answer(self, status, content, headers=None):
            body = json.dumps(content).encode()
            self.send_response(status)
            for name, value in {"Content-Type": "application/json", "Content-Length": str(len(body)), **(headers or {})}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)
            self.wfile.flush()

        def log_message(self, *_):
            """Pytest shows what matters."""

    return Handler
