#!/usr/bin/env python3
"""The workshop's seven steps on a function that uses chaos_lambda: latency, wait, status code, wait, exception, wait, disable.

Starts function.py, runs experiment.json on it with shorter steps, and calls the function with curl until the run is over and
the function is as it was. Needs a server on this machine, and its data directory.

exit code: 0 when every step was seen and the function is normal at the end, 1 when not, 2 when something is missing or was
refused, 130 after Ctrl-C, which stops the run.
"""

import contextlib
import json
import pathlib
import shutil
import signal
import sys
import tempfile
import time
import uuid

from calls import Function, Look, OwnFunction, expectations, summary
from control import FINAL, Control, first_read
from options import HERE, options
from packages import python_with_chaos_lambda
from trouble import Trouble

NAME = "/faultplane/chaos_lambda/checkout"
# How long the function may take to be normal when the run is over.
NORMAL_WITHIN = 10


class Signals:
    """Ctrl-C, and being told to end: at once, or when what must not be cut in two is done."""

    def __init__(self):
        self._held = self._came = False
        for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(each, self._receive)

    def _receive(self, *_):
        self._came = True
        if not self._held:
            raise KeyboardInterrupt

    @contextlib.contextmanager
    def held(self):
        self._held = True
        try:
            yield
        finally:
            self._held = False
        if self._came:
            raise KeyboardInterrupt

    def ignore(self):
        self._held = True


class Workshop:
    def __init__(self, given, signals, undo):
        self._given, self._signals = given, signals
        # What was begun is undone here in reverse, whatever happens.
        self._undo = undo
        self._early = given.stop_in or given.halt_in

    def prepare(self):
        if not shutil.which("curl"):
            raise Trouble("there is no curl in PATH, and it is what calls the function: install it")
        self._control = Control(self._given.data_dir)
        self._account = self._control.ask("GET", "/v1/whoami")["account"]
        lever = self._control.ask("GET", "/emergency-stop")
        if lever["status"] != "disengaged":
            raise Trouble(
                f"the safety lever is {lever['status']} ({lever['reason']}); runs start again after: "
                "faultplane lever disengage --reason TEXT"
            )
        scratch = pathlib.Path(self._undo.enter_context(tempfile.TemporaryDirectory()))
        url = self._given.function
        self._function = Function(url, scratch) if url else self._own_function(scratch)
        print(f"$ curl {self._function.url}", flush=True)
        self._began = time.monotonic()
        # The first call of all reads boto3's description of SSM, which takes a moment.
        self._function.call()
        self._before = Look("before", "before", *self._function.call())
        print(self._before.row(self._began), flush=True)
        if not self._before.status.startswith("2"):
            raise Trouble("the function does not work before the run; `faultplane status` shows whether one is on")

    def _own_function(self, scratch: pathlib.Path) -> OwnFunction:
        python = python_with_chaos_lambda(self._given.data_dir / "workshop-venv")
        words = ("key", "create", "--role", "agent", "--name", "workshop", "--targets", "checkout", "--json")
        with self._signals.held():
            made = json.loads(self._control.run(*words, show=False))
            key = made["key"]["id"]
            self._afterwards(f"the key is still valid, faultplane key revoke {key}", self._control.ask, "DELETE", f"/v1/keys/{key}")
        # The secret goes to the function in its environment; no command line and no file has it.
        endpoint, shown = (f"{self._given.url}/t/{key}" for key in (made["bearer"], f"{key}.SECRET"))
        told = first_read(endpoint, shown, NAME)
        print(f"# AWS_ENDPOINT_URL_SSM={shown}\n# CHAOS_PARAM={NAME}\n# the first read of it: {told}")
        environment = {"AWS_ENDPOINT_URL_SSM": endpoint, "CHAOS_PARAM": NAME}
        return self._undo.enter_context(OwnFunction(python, HERE / "function.py", environment, scratch))

    def start(self):
        """Creates the template with steps of the wanted length, and starts a run of it."""
        text = (HERE / "experiment.json").read_text().replace("000000000000", self._account)
        template = json.loads(text.replace("function:checkout", f"function:{self._given.target}"))
        for action in template["actions"].values():
            action["parameters"]["duration"] = f"PT{self._given.seconds}S"
        self._steps = expectations(template, self._before, not self._given.function)
        with self._signals.held():
            body = {**template, "clientToken": str(uuid.uuid4())}
            made = self._control.ask("POST", "/experimentTemplates", body)["experimentTemplate"]["id"]
            self._afterwards(f"the template {made} is left", self._control.ask, "DELETE", f"/experimentTemplates/{made}")
            self._run = self._control.run("start", made).split()[0]
            self._afterwards(f"the run may still be on, faultplane stop {self._run}", self._stop_unless_over)
        self._began = time.monotonic()

    def _afterwards(self, otherwise, call, *given):
        """Has it called at the end; if that does not work, says what is then left."""
        def undo():
            try:
                call(*given)
            except Trouble as trouble:
                print(f"workshop: {otherwise}: {trouble}", file=sys.stderr)

        self._undo.callback(undo)

    def _stop_unless_over(self):
        if self._control.state(self._run)[0] not in FINAL:
            self._control.run("stop", self._run, "--wait", "0")

    def _look(self) -> Look:
        """One call of the function; its step is the one that was on both before and after it."""
        before = self._control.state(self._run)
        called = self._function.call()
        after = self._control.state(self._run)
        self._state, self._reason = after[0], after[1]
        look = Look(before[2], after[2], *called)
        print(look.row(self._began), flush=True)
        return look

    def watch(self) -> bool:
        """Calls the function until the run is over and the function is normal; says whether all was seen that should be."""
        looks = [self._look()]
        while self._state not in FINAL and not self._is_time_to_pull(looks[-1]):
            time.sleep(self._given.pace)
            looks.append(self._look())
        ended = time.monotonic()
        if self._state not in FINAL:
            self._pull()
            looks.append(self._look())
        normal = self._steps.normal
        while not (normal.fits(looks[-1]) and self._state in FINAL) and time.monotonic() < ended + NORMAL_WITHIN:
            time.sleep(self._given.pace)
            looks.append(self._look())
        took = time.monotonic() - ended
        text, is_all_seen = summary(self._steps.until(self._early) if self._early else self._steps, looks)
        print(f"{text}\nthe run is {self._state}: {self._reason}")
        for line in self._proof():
            print(f"# {line}")
        is_normal = normal.fits(looks[-1])
        print(f"the function is normal, {took:.1f} s after the end" if is_normal
              else f"the function is NOT normal {took:.0f} s after the end")
        return is_all_seen and is_normal and self._state == ("stopped" if self._early else "completed")

    def _is_time_to_pull(self, look: Look) -> bool:
        return bool(self._early) and look.step == self._early and self._steps[self._early].fits(look)

    def _pull(self):
        if self._given.stop_in:
            self._control.run("stop", self._run, "--wait", "0")
        else:
            self._control.run("stop-all", "--reason", "trying the emergency stop in the workshop", "--wait", "0")

    def _proof(self) -> list[str]:
        """What Faultplane knows after an early end: what the function was told, and that it was told otherwise since."""
        if self._given.halt_in:
            found = self._control.ask("GET", "/emergency-stop")["instances"]["withoutLease"]
            told = [f"{each['parameter']}: told of a fault at {_clock(each['servedAt'])}, told that it is off at "
                    f"{_clock(each['offSince'])}. {each['note']}" for each in found]
            return [*told, "the lever stays until somebody says: faultplane lever disengage --reason TEXT"]
        if self._given.stop_in:
            found = self._control.ask("GET", f"/experiments/{self._run}/coverage")["targets"]
            return [f"coverage of {each['action']}: held {each['held']}, cleared {each['cleared']}, "
                    f"withoutLease {each['withoutLease']}" for each in found]
        return []


def _clock(seconds: float | None) -> str:
    if seconds is None:
        return "no time yet"
    return f"{time.strftime('%H:%M:%S', time.gmtime(seconds))}.{int(seconds * 10) % 10}"


def main():
    given = options(__doc__)
    signals = Signals()
    try:
        with contextlib.ExitStack() as undo:
            workshop = Workshop(given, signals, undo)
            try:
                workshop.prepare()
                workshop.start()
                return 0 if workshop.watch() else 1
            finally:
                # A second Ctrl-C would only leave behind what is undone now.
                signals.ignore()
    except Trouble as trouble:
        print(f"workshop: {trouble}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("\nworkshop: interrupted; what it began is stopped and removed", file=sys.stderr)
        return 130


if __name__ == "__main__":
    sys.exit(main())
