"""scripts/bootstrap.sh: what it asks of the machine, seen from stand-ins for the programs that would change it."""

import pathlib
import shutil
import subprocess
import time

import pytest
from workshop import Workshop

RUN = ["libcurl4-openssl-dev", "libpq-dev", "libssl-dev", "pkg-config", "postgresql"]
TEST = [
    *RUN, "curl", "gcc", "libc6-dev", "libfaketime", "make", "nginx-light", "prometheus", "prometheus-alertmanager", "python3-venv",
]
# What the script itself is written in; it finds nothing else, so no real apt-get or sudo can be reached.
BASICS = (
    "bash cat chmod comm dirname env id install mktemp printf rm sed sh sha256sum sort tail touch kill".split()
)


class Machine:
    """A PATH of stand-ins that write down how they were called."""

    def __init__(self, workshop: Workshop):
        self.workshop = workshop
        self.programs = workshop.root / "bin"
        self.calls_file = workshop.root / "calls"
        self.policy = workshop.root / "policy-rc.d"
        workshop.copy("scripts/bootstrap.sh")
        workshop.write("Tests/requirements.txt", "# nothing to fetch\n")
        self.programs.mkdir()
        for name in BASICS:
            (self.programs / name).symlink_to(str(shutil.which(name)))
        self.stand_in("swift")
        self.stand_in("apt-get", self.note("apt-get"))
        self.be_user(0)
        self.have(TEST)

    def note(self, name: str) -> str:
        return f"printf '%s\\n' \"{name} $*\" >>'{self.calls_file}'"

    def stand_in(self, name: str, body: str = "") -> None:
        (self.programs / name).unlink(missing_ok=True)
        self.workshop.write(f"bin/{name}", f"#!/bin/sh\n{body}\n", mode=0o755)

    def be_user(self, number: int) -> None:
        self.stand_in("id", f"echo {number}")

    def have(self, packages: list[str]) -> None:
        """As dpkg-query answers: a line for each package it knows, and a failure where it does not know one."""
        lines = "; ".join(f"echo 'installed {name}'" for name in packages)
        self.stand_in("dpkg-query", f"{self.note('dpkg-query')}; {lines}; echo 'config-files wrk'; exit 1")

    def allow_sudo(self) -> None:
        self.stand_in("sudo", f'{self.note("sudo")}\n[ "$1" = -v ] || exec "$@"')

    def bootstrap(self, purpose: str) -> subprocess.CompletedProcess[str]:
        environment = {"PATH": str(self.programs), "POLICY_RC_D": str(self.policy), "HOME": str(self.workshop.root)}
        return self.workshop.run("scripts/bootstrap.sh", purpose, env=environment)

    @property
    def calls(self) -> list[str]:
        """What was called, but for the question what is there."""
        lines = self.calls_file.read_text().splitlines() if self.calls_file.exists() else []
        return [line for line in lines if not line.startswith("dpkg-query")]


@pytest.fixture
def machine(workshop: Workshop) -> Machine:
    return Machine(workshop)


INSTALL = "apt-get -q install -y --no-install-recommends -o DPkg::Lock::Timeout=300 "


def test_nothing_missing_means_nothing_said_and_nothing_done(machine: Machine) -> None:
    began = time.monotonic()
    done = machine.bootstrap("run")
    assert time.monotonic() - began < 2
    assert (done.returncode, done.stdout, machine.calls) == (0, "", [])
    assert len(machine.calls_file.read_text().splitlines()) == 1, "one question for all packages"


def test_exactly_what_is_missing_is_installed(machine: Machine) -> None:
    machine.have([name for name in RUN if name not in ("libpq-dev", "postgresql")])
    done = machine.bootstrap("run")
    assert done.returncode == 0
    assert done.stdout == "bootstrap: installing Debian packages: libpq-dev postgresql\n"
    assert machine.calls == ["apt-get -q update", INSTALL + "libpq-dev postgresql"]


def test_a_removed_package_whose_settings_remain_is_missing(machine: Machine) -> None:
    machine.have(RUN)
    machine.bootstrap("bench")
    assert machine.calls[1].startswith(INSTALL)
    assert "wrk" in machine.calls[1].split()
    assert not set(RUN) & set(machine.calls[1].split())


def test_not_root_asks_sudo(machine: Machine) -> None:
    machine.be_user(1000)
    machine.allow_sudo()
    machine.have(RUN[1:])
    done = machine.bootstrap("run")
    assert done.returncode == 0, done.stdout
    assert [call for call in machine.calls if call.startswith("apt-get")] == ["apt-get -q update", INSTALL + RUN[0]]
    assert "sudo apt-get -q update" in machine.calls


def test_neither_root_nor_sudo_says_what_to_run(machine: Machine) -> None:
    machine.be_user(1000)
    machine.have(RUN[1:])
    done = machine.bootstrap("run")
    assert done.returncode == 1
    assert done.stdout == (
        "bootstrap: neither root nor sudo here; have an administrator run: "
        f"apt-get update && apt-get install -y --no-install-recommends {RUN[0]}\n"
    )
    assert machine.calls == []


def test_services_are_kept_from_starting_only_while_apt_runs(machine: Machine) -> None:
    machine.have([])
    machine.stand_in("apt-get", f'"{machine.policy}"; echo "policy says $?" >>"{machine.calls_file}"')
    done = machine.bootstrap("run")
    assert done.returncode == 0, done.stdout
    assert machine.calls == ["policy says 101", "policy says 101"]
    assert not machine.policy.exists()


def test_a_failing_apt_is_shown_and_the_policy_goes(machine: Machine) -> None:
    machine.have([])
    machine.stand_in("apt-get", f'[ -e "{machine.policy}" ] || exit 0; echo "E: no such package"; exit 100')
    done = machine.bootstrap("run")
    assert done.returncode == 1
    assert done.stdout.splitlines()[1:] == ["E: no such package", "bootstrap: failed: apt-get -q update"]
    assert not machine.policy.exists()


def test_an_interrupted_apt_leaves_no_policy(machine: Machine) -> None:
    machine.have([])
    machine.stand_in("apt-get", "kill -INT $PPID; exit 130")
    assert machine.bootstrap("run").returncode != 0
    assert not machine.policy.exists()


def test_a_policy_that_stands_is_the_owners(machine: Machine) -> None:
    machine.have([])
    machine.policy.write_text("the owner's")
    assert machine.bootstrap("run").returncode == 0
    assert machine.policy.read_text() == "the owner's"


def test_without_swift_it_says_where_to_get_it(machine: Machine) -> None:
    (machine.programs / "swift").unlink()
    done = machine.bootstrap("run")
    assert done.returncode == 1
    assert "install the Swift 6.3 toolchain" in done.stdout


def test_elsewhere_than_debian_it_says_what_is_needed(machine: Machine) -> None:
    (machine.programs / "dpkg-query").unlink()
    done = machine.bootstrap("run")
    assert done.returncode == 1
    assert "this is not Debian" in done.stdout
    machine.stand_in("pkg-config", machine.note("pkg-config"))
    assert machine.bootstrap("run").returncode == 0
    assert machine.calls == ["pkg-config --exists libpq >= 15 libcrypto libcurl"]


def test_a_purpose_nobody_knows_is_refused(machine: Machine) -> None:
    done = machine.bootstrap("everything")
    assert (done.returncode, done.stdout) == (2, "usage: scripts/bootstrap.sh run|test|bench\n")


class TestVirtualEnvironment:
    """With a stand-in for python3, that makes the folder or dies half way."""

    INSTALLING = "bootstrap: installing the tools of Tests/requirements.txt into .venv\n"

    @pytest.fixture
    def machine(self, machine: Machine) -> Machine:
        machine.stand_in("python3", self.making(machine, "exit 0"))
        script = machine.workshop.root / "scripts/bootstrap.sh"
        # The script prefers the system's python3; here that is the stand-in.
        script.write_text(script.read_text().replace("PATH=/usr/bin:$PATH ", ""))
        script.chmod(0o755)
        return machine

    def making(self, machine: Machine, pip: str) -> str:
        return (
            f'[ "$1" = --version ] && echo "Python 3.11.2" && exit\n{machine.note("python3")}\n'
            f'"{shutil.which("mkdir")}" -p "$3/bin"\nprintf "#!/bin/sh\\n{pip}\\n" >"$3/bin/pip"\n'
            'chmod +x "$3/bin/pip"'
        )

    def test_it_is_made_once(self, machine: Machine) -> None:
        assert machine.bootstrap("test").stdout == self.INSTALLING
        assert machine.bootstrap("test").stdout == ""
        assert machine.calls == ["python3 -m venv .venv"]

    def test_the_benchmark_has_one_of_its_own(self, machine: Machine) -> None:
        machine.have([*TEST, "haproxy", "libnginx-mod-nchan", "wrk"])
        machine.workshop.write("Benchmarks/requirements.txt", "moto==1\n")
        wanted = "bootstrap: installing the tools of Benchmarks/requirements.txt into .build/bench/venv\n"
        assert [machine.bootstrap("bench").stdout for _ in range(2)] == [wanted, ""]
        assert machine.calls == ["python3 -m venv .build/bench/venv"]

    def test_other_requirements_make_it_again(self, machine: Machine) -> None:
        machine.bootstrap("test")
        machine.workshop.write(".venv/left-over")
        machine.workshop.write("Tests/requirements.txt", "pytest==1\n")
        assert machine.bootstrap("test").stdout == self.INSTALLING
        assert not (machine.workshop.root / ".venv/left-over").exists()

    def test_a_half_made_one_is_made_again(self, machine: Machine) -> None:
        machine.stand_in("python3", self.making(machine, "echo no such version; exit 1"))
        done = machine.bootstrap("test")
        assert done.returncode == 1
        assert "no such version" in done.stdout
        assert (machine.workshop.root / ".venv").exists()

        machine.stand_in("python3", self.making(machine, "exit 0"))
        assert machine.bootstrap("test").stdout == self.INSTALLING
        assert machine.bootstrap("test").stdout == ""

    def test_a_moved_one_is_made_again(self, machine: Machine) -> None:
        machine.bootstrap("test")
        moved = pathlib.Path(shutil.copytree(machine.workshop.root, f"{machine.workshop.root}-moved", symlinks=True))
        done = subprocess.run(
            ["scripts/bootstrap.sh", "test"], cwd=moved, capture_output=True, text=True, timeout=60, check=True,
            env={"PATH": str(machine.programs), "HOME": str(moved)},
        )
        assert done.stdout == self.INSTALLING
