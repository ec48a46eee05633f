"""A real PostgreSQL of a run's own, which can be killed, frozen, copied, put back, and followed by a standby."""

import functools
import glob
import os
import pathlib
import pwd
import shutil
import signal
import subprocess
import tempfile

from moved import Clock
from processes import Child, Trouble, clean_environment, free_port, until

USER = "safety"
_SETTINGS = """
listen_addresses = '127.0.0.1'
wal_level = replica
hot_standby = on
max_wal_senders = 4
wal_keep_size = '64MB'
shared_buffers = '16MB'
"""


@functools.cache
def binaries() -> pathlib.Path:
    found = glob.glob("/usr/lib/postgresql/*/bin")
    if not found:
        raise Trouble("there is no PostgreSQL under /usr/lib/postgresql: apt-get install postgresql")
    return pathlib.Path(max(found, key=lambda path: int(path.split("/")[-2])))


@functools.cache
def _owner() -> list[str]:
    """PostgreSQL will not run as root; its package made a user for it."""
    if os.geteuid() != 0:
        return []
    user = pwd.getpwnam("postgres")
    return ["setpriv", "--pdeathsig", "KILL", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups"]


def _give(path: pathlib.Path) -> None:
    if os.geteuid() == 0:
        user = pwd.getpwnam("postgres")
        os.chown(path, user.pw_uid, user.pw_gid)


def _run(*command: object, cwd: pathlib.Path) -> str:
    done = subprocess.run([*_owner(), *map(str, command)], capture_output=True, text=True, cwd=cwd, timeout=120,
                          env=clean_environment(), check=False)
    if done.returncode != 0:
        raise Trouble(f"{pathlib.Path(str(command[0])).name} failed: {done.stderr.strip()}")
    return done.stdout.strip()


class Clusters:
    """The folder in which a program's clusters live, and the one they are copied from."""

    def __init__(self) -> None:
        # Under /tmp, because PostgreSQL's user must get there and a socket's path must be short.
        self.home = pathlib.Path(tempfile.mkdtemp(prefix="safety-", dir="/tmp"))
        self.home.chmod(0o755)
        self.template = self.home / "template"
        self.template.mkdir()
        _give(self.template)
        _run(binaries() / "initdb", "-D", self.template / "cluster", "-A", "trust", "-U", USER, cwd=self.template)
        with (self.template / "cluster" / "postgresql.conf").open("a") as settings:
            settings.write(_SETTINGS)
        self.count = 0
        self.clock_library = Clock.library_in(self.home)

    def make(self, clock: Clock | None = None) -> "Cluster":
        """A new one that has started; with a clock, its wall clock is that."""
        made = self._place(clock)
        made.copy(self.template / "cluster", made.data)
        made.start()
        return made

    def _place(self, clock: Clock | None = None) -> "Cluster":
        self.count += 1
        home = self.home / f"{os.getpid()}-{self.count}-{free_port()}"
        home.mkdir()
        _give(home)
        return Cluster(home, clock)

    def standby(self, of: "Cluster") -> "Cluster":
        """One that follows another, asynchronously."""
        made = self._place()
        _run(binaries() / "pg_basebackup", "-d", of.url, "-D", made.data, "-R", "--checkpoint=fast", cwd=made.home)
        made.start()
        until(lambda: of.ask("SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming'"),
              lambda count: count == "1", "the standby to follow")
        return made

    def close(self) -> None:
        shutil.rmtree(self.home, ignore_errors=True)


class Cluster:
    """One cluster on a port that stays the same over restarts."""

    def __init__(self, home: pathlib.Path, clock: Clock | None = None):
        self.home, self.clock = home, clock
        self.data = home / "cluster"
        self.port = free_port()
        self.child: Child | None = None

    @property
    def url(self) -> str:
        return self.url_at(self.port)

    @staticmethod
    def url_at(port: int) -> str:
        return f"postgresql://{USER}@127.0.0.1:{port}/postgres"

    def copy(self, source: pathlib.Path, target: pathlib.Path) -> None:
        _run("cp", "-a", "--reflink=auto", source, target, cwd=self.home)

    def start(self) -> None:
        moved = []
        if self.clock:
            # By env, so that the library comes in after the change of user.
            moved = ["env", *self.clock.environment]
        self.child = Child([*_owner(), *moved, binaries() / "postgres", "-D", self.data, "-p", self.port, "-k", self.home],
                           self.home.with_suffix(".log"), cwd=self.home)
        until(lambda: subprocess.run([binaries() / "pg_isready", "-q", "-h", "127.0.0.1", "-p", str(self.port)],
                                     check=False).returncode, lambda code: code == 0, f"PostgreSQL; {self.child.tail()}")

    def ask(self, statement: str) -> str:
        return _run(binaries() / "psql", "-d", self.url, "-XAtqc", statement, cwd=self.home)

    def lock(self, table: str) -> Child:
        """A session that lets everybody read a table and nobody write to it, until `unlock`."""
        holds = f"BEGIN; LOCK TABLE {table} IN SHARE MODE; SELECT pg_sleep(3600)"
        made = Child([*_owner(), binaries() / "psql", "-d", self.url, "-Xc", holds], self.home.with_suffix(".lock"), self.home)
        until(lambda: self.ask(f"SELECT count(*) FROM {self._holders(table)}"), lambda count: count == "1", f"{table} to be locked")
        return made

    def unlock(self, table: str, lock: Child) -> None:
        """The server would not notice by itself that its client is gone."""
        self.ask(f"SELECT pg_terminate_backend(pid) FROM {self._holders(table)}")
        lock.kill()

    @staticmethod
    def _holders(table: str) -> str:
        return f"pg_locks WHERE granted AND mode = 'ShareLock' AND relation = '{table}'::regclass"

    def kill(self) -> None:
        self.child.kill()
        (self.data / "postmaster.pid").unlink(missing_ok=True)

    def stop(self) -> None:
        """As the machine's operator does it: connections are ended, and everything is written."""
        self.child.end(signal.SIGINT)

    def backup(self, name: str = "backup") -> pathlib.Path:
        """A base backup, as docs/operations.md has it taken."""
        into = self.home / name
        _run(binaries() / "pg_basebackup", "-d", self.url, "-D", into, "--wal-method=stream", "--checkpoint=fast",
             cwd=self.home)
        return into

    def restore(self, backup: pathlib.Path) -> None:
        """Puts a backup in the place of what there is; it is not running."""
        shutil.rmtree(self.data)
        self.copy(backup, self.data)

    def stop_following(self) -> None:
        """A standby that receives nothing any more, and does not know it."""
        self.ask("ALTER SYSTEM SET primary_conninfo = ''")
        self.ask("SELECT pg_reload_conf()")
        until(lambda: self.ask("SELECT count(*) FROM pg_stat_wal_receiver"), lambda count: count == "0",
              "the standby to receive nothing")

    def promote(self) -> None:
        if self.ask("SELECT pg_promote(true, 60)") != "t":
            raise Trouble(f"the standby was not promoted; {self.child.tail()}")

    def close(self) -> None:
        if self.child and self.child.is_running:
            self.child.kill()
        shutil.rmtree(self.home, ignore_errors=True)
