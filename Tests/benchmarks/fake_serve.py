#!/usr/bin/env python3
"""`serve --data-dir DIR --listen 127.0.0.1:0`, as far as the timing of a start needs it; $FAULT makes it bad."""

import http.server
import os
import signal
import sys
from pathlib import Path

FAULT = os.environ.get("FAULT")


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(503 if FAULT == "unhealthy" or self.path != "/healthz" else 200)
        self.send_header("Content-Length", "0")
        self.end_headers()


assert sys.argv[1] == "serve" and sys.argv[2] == "--data-dir" and sys.argv[4:] == ["--listen", "127.0.0.1:0"]
with (Path(sys.argv[3]) / "starts").open("a") as starts:
    starts.write("x")
if FAULT == "silent":
    sys.exit(0)
signal.signal(signal.SIGTERM, lambda *_: os._exit(3 if FAULT == "status" else 0))
server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
print(f"listening on http://127.0.0.1:{server.server_port}", flush=True)
server.serve_forever()
