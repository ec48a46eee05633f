"""Processes that a run starts, freezes and kills, with everything they started; none outlives the run."""

import os
import pathlib
import random
import select
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Callable

REPOSITORY = pathlib.Path(__file__).resolve().parent.parent.parent
_PAUSE = threading.Event()


class Trouble(Exception):
    """The harness could not do what a run needs; that is no verdict on the server."""


def boot() -> int:
    return time.clock_gettime_ns(time.CLOCK_BOOTTIME)


def pass_time(seconds: float) -> None:
    """Lets real time go by: here that is what is being tested, not a wait for something else."""
    _PAUSE.wait(max(0.0, seconds))


def until(read: Callable, wanted: Callable, what: str, seconds: float = 30.0, every: float = 0.02):
    """What `read` gives as soon as it is wanted."""
    deadline = time.monotonic() + seconds
    while not wanted(found := read()):
        if time.monotonic() > deadline:
            raise Trouble(f"waited {seconds} s for {what}, and found {found}")
        pass_time(every)
    return found


def built() -> pathlib.Path:
    """The server as it was built last."""
    found = [path for path in REPOSITORY.glob(".build/*/faultplane") if path.is_file()]
    if not found:
        raise Trouble("there is no built program: run `swift build`")
    return max(found, key=lambda path: path.stat().st_mtime)


_ports: set[int] = set()


def free_port() -> int:
    """One that stays a program's over its restarts, so it lies below those that the system hands out for connections."""
    while True:
        port = random.randrange(12_000, 32_000)
        if port in _ports:
            continue
        _ports.add(port)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
        return port


def clean_environment(**more: str) -> dict[str, str]:
    """The caller's, without what would tell a server or an injector anything."""
    return {name: value for name, value in os.environ.items()
            if not name.startswith(("FAULTPLANE_", "AWS_", "PG", "FAKETIME", "LD_PRELOAD"))} | more


def _table() -> list[tuple[int, int, int]]:
    """Every process with its parent and its session."""
    found = []
    for entry in pathlib.Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
            except (FileNotFoundError, ProcessLookupError):
                continue
            found.append((int(entry.name), int(fields[1]), int(fields[3])))
    return found


class Child:
    """A process with a session of its own; what it starts is frozen, woken and killed with it."""

    def __init__(self, command: list, log: pathlib.Path, cwd: pathlib.Path | None = None, **environment: str):
        self.log = log
        with log.open("ab") as errors:
            self.process = subprocess.Popen(
                # It is killed when the harness is, however the harness ends.
                ["setpriv", "--pdeathsig", "KILL", *map(str, command)], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                stderr=errors, cwd=cwd, env=clean_environment(**environment), start_new_session=True)
        self.is_frozen = False

    @property
    def is_running(self) -> bool:
        return self.process.poll() is None

    def pids(self) -> list[int]:
        """It and its descendants: PostgreSQL's servers make sessions of their own, and keep their parent."""
        found, table = [self.process.pid], _table()
        for process in found:
            found += [pid for pid, parent, session in table
                      if pid not in found and (parent == process or session == self.process.pid)]
        return found

    def line(self, seconds: float = 60.0) -> str:
        """The next line that it says."""
        deadline, said = time.monotonic() + seconds, b""
        output = self.process.stdout.fileno()
        while not said.endswith(b"\n"):
            ready, _, _ = select.select([output], [], [], max(0.0, deadline - time.monotonic()))
            piece = os.read(output, 1) if ready else b""
            if not piece:
                raise Trouble(f"{self.process.args[3]} said nothing within {seconds} s; its log: {self.tail()}")
            said += piece
        return said.decode().rstrip("\n")

    def tail(self) -> str:
        return self.log.read_text(errors="replace")[-2000:].strip() or "empty"

    def _signal(self, number: signal.Signals) -> None:
        for pid in self.pids():
            try:
                os.kill(pid, number)
            except ProcessLookupError:
                continue

    def freeze(self) -> None:
        """When it returns, none of them runs any more."""
        self._signal(signal.SIGSTOP)
        self.is_frozen = True
        until(self._states, lambda states: states <= set("TZ"), "all its processes to stand still")

    def _states(self) -> set[str]:
        found = set()
        for pid in self.pids():
            try:
                found.add(pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0])
            except (FileNotFoundError, ProcessLookupError):
                continue
        return found

    def thaw(self) -> None:
        self.is_frozen = False
        self._signal(signal.SIGCONT)

    def kill(self) -> None:
        """Kills them all; when it returns they are dead."""
        watched = []
        for pid in self.pids():
            try:
                watched.append(os.pidfd_open(pid))
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue
        deadline = time.monotonic() + 10
        for descriptor in watched:
            ended, _, _ = select.select([descriptor], [], [], max(0.0, deadline - time.monotonic()))
            os.close(descriptor)
            if not ended:
                raise Trouble(f"a process of {self.process.args[3]} did not die within 10 s")
        self.process.wait()
        self.process.stdout.close()

    def end(self, number: signal.Signals = signal.SIGTERM, seconds: float = 20.0) -> None:
        """Asks it to end, and kills what does not."""
        if self.is_running:
            if self.is_frozen:
                self.thaw()
            self.process.send_signal(number)
            try:
                self.process.wait(seconds)
            except subprocess.TimeoutExpired:
                pass
        self.kill()
