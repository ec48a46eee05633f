"""A page that says how something is, as a guard reads it; a scenario says what it answers."""

import http.server
import threading


class Health:
    """Answers every GET with a status, on a port of its own choice."""

    def __init__(self) -> None:
        self.status = 200
        health = self

        class Handler(http.server.BaseHTTPRequestHandler):
            # Of HTTP/1.0, so that no connection outlives the closing of the port.
            def do_GET(self) -> None:
                self.send_response(health.status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                pass

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, name="health", daemon=True).start()

    @property
    def guard(self) -> dict:
        """A stop condition that is breached when it is not well."""
        return {"source": "http", "value": f"http://127.0.0.1:{self._server.server_address[1]}/health"}

    def close(self) -> None:
        """Nobody listens any more when it returns."""
        self._server.shutdown()
        self._server.server_close()
