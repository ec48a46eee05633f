"""failure-lambda as far as what it decides: 1.x and its layer, 0.x and the fork of it, each from its documented behaviour."""

import json
import random
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from botocore.exceptions import BotoCoreError, ClientError

# The order in which 1.x does what is on; the modes after which the handler does not run, and nothing behind it.
ORDER = ["latency", "timeout", "diskspace", "denylist", "statuscode", "exception", "corruption"]
ENDS = {"statuscode", "exception"}
CACHED = 60.0
MISSING = object()


@dataclass(frozen=True)
class Effect:
    """One thing that an invocation suffers."""

    mode: str
    what: object


def one(ssm, name: str) -> Callable[[], str]:
    """Reads a parameter as 0.x and 1.x do."""
    return lambda: ssm.get_parameter(Name=name)["Parameter"]["Value"]


def several(ssm, name: str) -> Callable[[], str]:
    """Reads it as the fork does."""
    return lambda: ssm.get_parameters(Names=[name])["Parameters"][0]["Value"]


@dataclass
class Flags:
    """A function with failure-lambda 1.x: flags for all modes, each rolled alone; what it read serves it for a minute.

    The layer differs in one thing: when it cannot read, it goes on with what it read last.
    """

    read: Callable[[], str]
    ttl: float = CACHED
    clock: Callable[[], float] = time.monotonic
    dice: Callable[[], float] = random.random
    is_layer: bool = False
    reads: int = 0
    skipped: list = field(default_factory=list)
    _flags: dict = field(default_factory=dict)
    _readAt: float | None = None

    def flags(self) -> dict:
        """The flags that are valid; none where they cannot be read."""
        if self._readAt is not None and self.clock() - self._readAt < self.ttl:
            return self._flags
        self.reads += 1
        try:
            document = json.loads(self.read())
        except (BotoCoreError, ClientError, ValueError):
            return self._flags if self.is_layer else {}
        self._flags = self._valid(document)
        self._readAt = self.clock()
        return self._flags

    def _valid(self, document: dict) -> dict:
        if {"isEnabled", "failureMode"} & document.keys():
            self.skipped.append("a document of 0.x")
        valid = {}
        for mode in ORDER:
            if mode in document:
                wrong = problems(mode, document[mode])
                self.skipped += wrong
                if not wrong:
                    valid[mode] = document[mode]
        return valid

    def effects(self, event: object = None) -> list[Effect]:
        """What an invocation with that event suffers, in order."""
        flags, suffered = self.flags(), []
        for mode in ORDER:
            flag = flags.get(mode)
            if flag is None or not flag["enabled"] or not all(holds(each, event) for each in flag.get("match", [])):
                continue
            if self.dice() * 100 < flag.get("percentage", 100):
                suffered.append(Effect(mode, injected(mode, flag)))
                if mode in ENDS:
                    break
        return suffered


def injected(mode: str, flag: dict):
    return {
        "latency": lambda: (flag["min_latency"], flag["max_latency"]),
        "timeout": lambda: flag["timeout_buffer_ms"],
        "diskspace": lambda: flag["disk_space"],
        "denylist": lambda: flag["deny_list"],
        "statuscode": lambda: flag["status_code"],
        "exception": lambda: flag["exception_msg"],
        "corruption": lambda: flag["body"],
    }[mode]()


def _number(value) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _within(low, high=float("inf")) -> Callable[[object], bool]:
    return lambda value: _number(value) and low <= value <= high


def _text(value) -> bool:
    return isinstance(value, str)


# What the members of a flag must be, where they are there.
MEMBERS = {
    "latency": {"min_latency": _within(0), "max_latency": _within(0)},
    "timeout": {"timeout_buffer_ms": _within(0)},
    "diskspace": {"disk_space": _within(1, 10240)},
    "denylist": {"deny_list": lambda value: isinstance(value, list) and all(map(is_pattern, value))},
    "statuscode": {"status_code": _within(100, 599)},
    "exception": {"exception_msg": _text},
    "corruption": {"body": _text},
}


def problems(mode: str, flag: object) -> list[str]:
    """Why a flag is passed over, as 1.x does with each that is not valid."""
    if not isinstance(flag, dict):
        return [f"{mode} is no object"]
    checks = {
        "percentage": lambda value: _number(value) and value == int(value) and 0 <= value <= 100,
        "match": lambda value: isinstance(value, list) and all(map(is_condition, value)),
        **MEMBERS[mode],
    }
    found = [f"{mode}.{name} is {flag[name]!r}" for name, is_right in checks.items() if name in flag and not is_right(flag[name])]
    if not isinstance(flag.get("enabled"), bool):
        found.append(f"{mode}.enabled is {flag.get('enabled')!r}")
    if not found and flag.get("min_latency", 0) > flag.get("max_latency", float("inf")):
        found.append(f"{mode}: the least is more than the most")
    return found


def is_condition(condition: object) -> bool:
    if not isinstance(condition, dict) or not _text(condition.get("path")):
        return False
    operator, value = condition.get("operator", "eq"), condition.get("value")
    if operator == "regex":
        return _text(value) and is_pattern(value)
    return operator == "exists" or (operator in ("eq", "startsWith") and _text(value))


def is_pattern(pattern: object) -> bool:
    """Whether 1.x takes a regular expression: short, and without repeating what repeats."""
    if not _text(pattern) or len(pattern) > 512:
        return False
    try:
        re.compile(pattern)
    except re.error:
        return False
    # Escaped characters and classes are letters like others here; then groups are closed from the inside out.
    rest = re.sub(r"\[(?:\\.|[^\]])*\]", "a", re.sub(r"\\.", "a", pattern))
    repeats = r"[*+]|\{\d+,\d*\}"
    while (inner := re.search(r"\((?:\?[:=!])?([^()]*)\)", rest)) is not None:
        repeated = re.search(repeats, inner.group(1)) is not None
        if repeated and re.match(r"[*+{]", rest[inner.end():]):
            return False
        rest = rest[:inner.start()] + ("a*" if repeated and "(" in rest[:inner.start()] else "a") + rest[inner.end():]
    return True


def holds(condition: dict, event: object) -> bool:
    """Whether an event fulfils a condition; a member that is not there fulfils none."""
    found = event
    for part in condition["path"].split("."):
        found = found.get(part, MISSING) if isinstance(found, dict) else MISSING
    operator = condition.get("operator", "eq")
    if found is MISSING or operator == "exists":
        return found is not MISSING
    text = found if isinstance(found, str) else json.dumps(found)
    return {
        "eq": lambda value: text == value,
        "startsWith": lambda value: text.startswith(value),
        "regex": lambda value: re.search(value, text) is not None,
    }[operator](condition["value"])


@dataclass
class Flat:
    """A function with failure-lambda 0.x, or the fork of it: one mode at a time, read at each invocation."""

    read: Callable[[], str]
    dice: Callable[[], float] = random.random

    def effects(self, event: object = None) -> list[Effect]:
        try:
            document = json.loads(self.read())
        except (BotoCoreError, ClientError, ValueError, LookupError):
            return []
        if document.get("isEnabled") is not True or not self.dice() < document.get("rate", 1):
            return []
        mode = document.get("failureMode")
        what = {
            "latency": lambda: (document["minLatency"], document["maxLatency"]),
            "exception": lambda: document["exceptionMsg"],
            "statuscode": lambda: document["statusCode"],
            "diskspace": lambda: document["diskSpace"],
            "denylist": lambda: document["denylist"],
        }.get(mode)
        return [Effect(mode, what())] if what else []
