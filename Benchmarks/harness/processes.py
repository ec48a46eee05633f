"""Servers as child processes: pinned, read for their CPU time, and certainly stopped."""

import ctypes
import os
import resource
import select
import signal
import socket
import subprocess
import time
from pathlib import Path

PR_SET_PDEATHSIG = 1


class ServerFailed(Exception):
    """A server did not start, or ended while it was needed."""


def cores() -> tuple[int, int]:
    """The core for the server and the one for the load; the same one on a machine with a single core."""
    allowed = sorted(os.sched_getaffinity(0))
    return allowed[0], allowed[-1]


def descriptor_limit() -> int:
    return resource.getrlimit(resource.RLIMIT_NOFILE)[1]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _prepare_child() -> None:
    """Runs in the child: all descriptors it may have, and an end with its parent's."""
    hard = descriptor_limit()
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def process_table() -> list[tuple[int, int, int]]:
    """Every process with its parent and its group."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                stat = (entry / "stat").read_text()
            except (FileNotFoundError, ProcessLookupError):
                continue
            parent, group = stat.rpartition(")")[2].split()[1:3]
            found.append((int(entry.name), int(parent), int(group)))
    return found


def tree(pid: int) -> list[int]:
    """A process and its descendants."""
    children: dict[int, list[int]] = {}
    for process, parent, _ in process_table():
        children.setdefault(parent, []).append(process)
    found = [pid]
    for process in found:
        found += children.get(process, [])
    return found


def descriptors_of(pids: list[int]) -> list[int]:
    """Descriptors of those that are still there: unlike a number, a descriptor never becomes somebody else."""
    found = []
    for pid in pids:
        try:
            found.append(os.pidfd_open(pid))
        except ProcessLookupError:
            continue
    return found


def await_ends(descriptors: list[int], whose: str, seconds: float = 10) -> None:
    """Returns when they are dead: a signal sent is not yet an end."""
    until = time.monotonic() + seconds
    for descriptor in descriptors:
        ended, _, _ = select.select([descriptor], [], [], max(0, until - time.monotonic()))
        os.close(descriptor)
        if not ended:
            raise ServerFailed(f"a process of {whose} did not die within {seconds} s")


def end_all(descriptors: list[int]) -> None:
    """Kills whoever of them is still there."""
    for descriptor in descriptors:
        try:
            signal.pidfd_send_signal(descriptor, signal.SIGKILL)
        except ProcessLookupError:
            continue
    await_ends(descriptors, "a killed server")


def kill_group(group: int) -> None:
    """Kills all processes of a group, and returns when they are dead."""
    watched = descriptors_of([pid for pid, _, its_group in process_table() if its_group == group])
    try:
        os.killpg(group, signal.SIGKILL)
    except ProcessLookupError:
        pass
    await_ends(watched, f"group {group}")


class Server:
    """One server process with its children; a context manager that ends them all."""

    def __init__(self, command: list[str], core: int | None, log: Path):
        pinned = command if core is None else ["taskset", "--cpu-list", str(core), *command]
        self.log = log
        self._log_file = log.open("wb")
        self.process = subprocess.Popen(
            pinned, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=self._log_file,
            start_new_session=True, preexec_fn=_prepare_child)

    def __enter__(self) -> "Server":
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def line(self, seconds: float) -> str:
        """The next line of the server's standard output, within a bound."""
        until, text = time.monotonic() + seconds, b""
        output = self.process.stdout.fileno()
        while not text.endswith(b"\n"):
            ready, _, _ = select.select([output], [], [], max(0, until - time.monotonic()))
            byte = os.read(output, 1) if ready else b""
            if not byte:
                raise ServerFailed(f"no line from the server within {seconds} s; its log says: {self.log_tail()}")
            text += byte
        return text.decode().rstrip("\n")

    def await_port(self, port: int, seconds: float = 10) -> None:
        until = time.monotonic() + seconds
        while True:
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                return
            except OSError:
                if self.process.poll() is not None or time.monotonic() > until:
                    raise ServerFailed(f"the server does not listen; its log says: {self.log_tail()}") from None
                time.sleep(0.01)

    def log_tail(self) -> str:
        return self.log.read_text(errors="replace")[-2000:].strip() or "nothing"

    def pids(self) -> list[int]:
        if self.process.poll() is not None:
            raise ServerFailed(f"the server ended with {self.process.returncode}; its log says: {self.log_tail()}")
        return tree(self.process.pid)

    def cpu_ns(self, pids: list[int] | None = None) -> int:
        """Time on a core, summed over all threads of the processes, or of all the server's."""
        total = 0
        for pid in pids or self.pids():
            for task in Path(f"/proc/{pid}/task").iterdir():
                try:
                    total += int((task / "schedstat").read_text().split()[0])
                except (FileNotFoundError, ProcessLookupError):
                    continue
        return total

    def stop(self, seconds: float = 10) -> int:
        """Asks the server to end, and ends its whole group when it does not; the exit status."""
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(seconds)
            except subprocess.TimeoutExpired:
                pass
        kill_group(self.process.pid)
        status = self.process.wait()
        self.process.stdout.close()
        self._log_file.close()
        return status
