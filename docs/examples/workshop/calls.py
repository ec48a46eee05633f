"""The function, called with curl, and what each step should make of its answers."""

import json
import os
import pathlib
import subprocess
import time
from dataclasses import dataclass

from trouble import Trouble

# What boto3 wants to have before it signs; Faultplane goes by the key in the address.
_SIGNED_AS = {
    "AWS_ACCESS_KEY_ID": "none", "AWS_SECRET_ACCESS_KEY": "none", "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_MAX_ATTEMPTS": "1", "AWS_CONFIG_FILE": os.devnull, "AWS_SHARED_CREDENTIALS_FILE": os.devnull, "NO_PROXY": "*",
}


class Function:
    """A function by its address."""

    def __init__(self, url: str, scratch: pathlib.Path):
        self.url = url
        self._body = scratch / "body"

    def call(self) -> tuple[str, float, str]:
        """Status, seconds and what the body says."""
        self._body.unlink(missing_ok=True)
        said = subprocess.run(
            ["curl", "-s", "--noproxy", "127.0.0.1", "--max-time", "30", "-o", self._body, "-w", "%{http_code} %{time_total}",
             self.url],
            stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False,
        ).stdout.split()
        if len(said) != 2 or said[0] == "000":
            raise Trouble(f"curl gets no answer from the function at {self.url}")
        return said[0], float(said[1]), _shortly(self._body.read_text(errors="replace") if self._body.exists() else "")


class OwnFunction(Function):
    """function.py as a process, which ends when we do."""

    def __init__(self, python: str, program: pathlib.Path, environment: dict[str, str], scratch: pathlib.Path):
        own = {name: value for name, value in os.environ.items() if not name.upper().startswith(("AWS_", "NO_PROXY"))}
        log = scratch / "log"
        with log.open("wb") as errors:
            # In a session of its own: Ctrl-C is for us, and the function goes on until the run is stopped.
            self._process = subprocess.Popen(
                [python, program, "--attached"], env={**own, **_SIGNED_AS, **environment}, text=True,
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors, start_new_session=True,
            )
        super().__init__(self._process.stdout.readline().strip().removeprefix("listening on "), scratch)
        if not self.url:
            self._process.wait()
            raise Trouble(f"function.py did not start:\n{log.read_text()}")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._process.kill()
        self._process.communicate()


def _shortly(body: str) -> str:
    """The body, or the error it tells of, in one line."""
    try:
        told = json.loads(body)
        body = f"{told['errorType']}: {told['errorMessage']}"
    except (ValueError, TypeError, KeyError):
        pass
    return " ".join(body.split())[:90]


@dataclass(frozen=True)
class Look:
    """One call of the function, and the steps that were on before and after it."""

    before: str
    after: str
    status: str
    seconds: float
    said: str

    @property
    def step(self) -> str:
        """The step that it was made in; at the border of two it belongs to neither."""
        return self.before if self.before == self.after else ""

    def row(self, began: float) -> str:
        steps = self.before if self.before == self.after else f"{self.before or '-'} > {self.after or '-'}"
        return f"{time.monotonic() - began:6.1f} s  {steps or '-':<22} {self.status}  {self.seconds:6.3f} s  {self.said}"


@dataclass(frozen=True)
class Expected:
    """What a call shows while a step is on."""

    text: str
    statuses: tuple[str, ...]
    least: float
    most: float
    said: str = ""

    def fits(self, look: Look) -> bool:
        return look.status in self.statuses and self.least <= look.seconds < self.most and look.said.startswith(self.said)


class Expectations(dict):
    """Of each step by its name, in order, and of the function without a fault."""

    normal: Expected

    def until(self, last: str) -> "Expectations":
        names = list(self)
        return Expectations({name: self[name] for name in names[: names.index(last) + 1]})


def expectations(template: dict, before: Look, is_own: bool) -> Expectations:
    """`before` is a call of the function without a fault; of one of our own it is known what an exception looks like."""
    actions = template["actions"]
    delays = [int(action["parameters"].get("startupDelayMilliseconds", 0)) / 1000 for action in actions.values()]
    # A call that takes half the delay longer than it should was not delayed.
    fast = before.seconds + (max(delays) / 2 or 30)
    normal = Expected(f"{before.status}, at once", (before.status,), 0, fast)
    found = Expectations({name: _expected(action, normal, is_own) for name, action in actions.items()})
    found.normal = normal
    return found


def _expected(action: dict, normal: Expected, is_own: bool) -> Expected:
    given = action["parameters"]
    match action["actionId"].rpartition(":")[2]:
        case "invocation-add-delay":
            delay = int(given["startupDelayMilliseconds"]) / 1000
            return Expected(f"{normal.statuses[0]}, after {delay:g} s", normal.statuses, delay, 30)
        case "invocation-http-integration-response":
            return Expected(f"{given['statusCode']}, at once", (given["statusCode"],), 0, normal.most)
        case "invocation-error":
            # chaos_lambda raises a plain Exception; what boto3 raises where the parameter cannot be read is none.
            return Expected("an exception", ("500", "502"), 0, normal.most, "Exception: Faultplane" if is_own else "")
        case "wait":
            return normal
        case other:
            raise Trouble(f"experiment.json has the action {other}, and this program does not know what it looks like")


def summary(due: Expectations, looks: list[Look]) -> tuple[str, bool]:
    """A line for each step that was due, and whether each was seen."""
    lines, is_all_seen = [f"{'step':<12} {'should be':<18} calls that were"], True
    for name, expected in due.items():
        inside = [look for look in looks if look.step == name]
        fitting = sum(map(expected.fits, inside))
        is_all_seen = is_all_seen and fitting > 0
        lines.append(f"{name:<12} {expected.text:<18} {fitting} of {len(inside)}{'' if fitting else '  NOT SEEN'}")
    return "\n".join(lines), is_all_seen
