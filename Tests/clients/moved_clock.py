"""A PostgreSQL whose clock a test moves, by libfaketime."""

import glob
import os
import pathlib
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile


class MovedClock:
    """A private cluster on a free port of loopback; only its own wall clock moves, not the machine's."""

    def __init__(self):
        self.home = pathlib.Path(tempfile.mkdtemp(prefix="clock-", dir="/tmp"))
        self.offset = self.home / "offset"
        self.offset.write_text("+0")
        self.offset.chmod(0o644)
        self.as_user = []
        if os.geteuid() == 0:
            # PostgreSQL will not run as root; its package made a user for it.
            user = pwd.getpwnam("postgres")
            os.chown(self.home, user.pw_uid, user.pw_gid)
            self.as_user = ["setpriv", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups"]
        self.binaries = pathlib.Path(sorted(glob.glob("/usr/lib/postgresql/*/bin"))[-1])
        self._run("initdb", "-D", self.home / "cluster", "-A", "trust", "-U", "clock")
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        library = glob.glob("/usr/lib/*/faketime/libfaketime.so.1")[0]
        # By env, so that the library comes in after the change of user and can open what it shares.
        moved = ["env", f"LD_PRELOAD={library}", f"FAKETIME_TIMESTAMP_FILE={self.offset}", "FAKETIME_NO_CACHE=1",
                 "FAKETIME_DONT_FAKE_MONOTONIC=1"]
        self.process = subprocess.Popen(
            [*self.as_user, *moved, self.binaries / "postgres", "-D", self.home / "cluster", "-p", str(self.port),
             "-k", self.home],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.url = f"postgresql://clock@127.0.0.1:{self.port}/postgres"

    def _run(self, program: str, *arguments: object) -> None:
        subprocess.run([*self.as_user, self.binaries / program, *arguments], check=True, capture_output=True,
                       cwd=self.home, timeout=60)

    def set(self, offset: str) -> None:
        """Moves the clock to that far from the true time, such as `+1h`."""
        beside = self.home / "offset.new"
        beside.write_text(offset)
        beside.chmod(0o644)
        beside.rename(self.offset)

    def stop(self) -> None:
        self.process.send_signal(signal.SIGQUIT)
        self.process.wait(30)
        shutil.rmtree(self.home)
