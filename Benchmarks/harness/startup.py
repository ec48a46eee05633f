"""How long from starting `serve` on an existing embedded database to the first answer, and how big the binary is."""

import re
import shlex
import shutil
import statistics
import subprocess
import time
from pathlib import Path

from .load import ask
from .peers import Peer
from .processes import Server, ServerFailed

LIMIT = 120


def listening(server: Server) -> int:
    """The port, once `serve` says it; it may say other things before."""
    begin = time.monotonic()
    while not (match := re.search(r"listening on http://127\.0\.0\.1:(\d+)", server.line(LIMIT))):
        if time.monotonic() - begin > LIMIT:
            raise ServerFailed("the server never said that it listens")
    return int(match.group(1))


def _start(command: list[str], log: Path) -> dict:
    """One start, its first answer, and a clean stop."""
    begin = time.monotonic()
    with Server(command, None, log) as server:
        port = listening(server)
        said = time.monotonic() - begin
        status, _ = ask(Peer("serve", "serve", server, port, set()), "GET", "/healthz")
        answered = time.monotonic() - begin
        if status != 200:
            raise ServerFailed(f"/healthz answers {status}")
        left = server.stop(30)
        if left != 0:
            raise ServerFailed(f"a stopped server ends with {left}; its log says: {server.log_tail()}")
    return {"listening": said, "answered": answered, "stopped": time.monotonic() - begin - answered}


def _libraries(binary: Path) -> list[str]:
    """Names of the shared libraries the binary needs, out of its dynamic section."""
    done = subprocess.run(["readelf", "--dynamic", binary], capture_output=True, text=True)
    return re.findall(r"\(NEEDED\).*\[(.+)\]", done.stdout)


def measured(serve: str, data_dir: Path, directory: Path, times: int) -> dict:
    prefix = shlex.split(serve)
    if not shutil.which(prefix[0]):
        return {"missing": f"{Path(prefix[0]).name} is not built"}
    data_dir.mkdir(parents=True, exist_ok=True)
    command = [*prefix, "serve", "--data-dir", str(data_dir), "--listen", "127.0.0.1:0"]
    log = directory / "serve.log"
    first = _start(command, log)  # makes the embedded database if there is none; not counted
    starts = [_start(command, log) for _ in range(times)]
    binary = Path(shutil.which(prefix[0])).resolve()
    libraries = _libraries(binary)
    return {"first": first, "starts": starts, "median": statistics.median(one["answered"] for one in starts),
            "binary_bytes": binary.stat().st_size, "libraries": libraries,
            "static_swift": not any(name.startswith("libswift") for name in libraries)}
