"""Something to watch: gauges for Prometheus and a health page, both as a test sets them."""

import http.server
import json
import threading
import time
from dataclasses import dataclass


@dataclass(frozen=True)
class Health:
    """What the page of one name answers."""

    status: int = 200
    value: float = 0.0
    # Seconds that it takes.
    delay: float = 0.0


class Exporter:
    """Serves `/metrics` with `watched{name="..."}`, and `/health/NAME`; on a port of its own choice."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._gauges: dict[str, float] = {}
        self._health: dict[str, Health] = {}
        self._wait = threading.Event()
        exporter = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                status, kind, body = exporter.answer(self.path)
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                pass

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.port: int = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, name="exporter", daemon=True).start()

    def url(self, name: str) -> str:
        return f"http://127.0.0.1:{self.port}/health/{name}"

    def set(self, name: str, value: float) -> float:
        """The gauge of that name; gives the moment, since the epoch."""
        with self._lock:
            self._gauges[name] = value
            return time.time()

    def set_health(self, name: str, health: Health) -> float:
        with self._lock:
            self._health[name] = health
            return time.time()

    def forget(self, name: str) -> None:
        """No series of that name is exported any more."""
        with self._lock:
            self._gauges.pop(name, None)

    def answer(self, path: str) -> tuple[int, str, bytes]:
        if path == "/metrics":
            with self._lock:
                lines = [f'watched{{name="{name}"}} {value!r}\n' for name, value in sorted(self._gauges.items())]
            return 200, "text/plain; version=0.0.4", ("# TYPE watched gauge\n" + "".join(lines)).encode()
        name = path.removeprefix("/health/").partition("?")[0]
        with self._lock:
            health = self._health.get(name, Health())
        self._wait.wait(health.delay)
        body = json.dumps({"name": name, "status": health.status, "checks": {"value": health.value}})
        return health.status, "application/json", body.encode()

    def close(self) -> None:
        self._wait.set()
        self._server.shutdown()
        self._server.server_close()
