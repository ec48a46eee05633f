"""What injectors recorded: every poll with its answer and every invocation, in the order in which they happened."""

import json
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from pathlib import Path

SECOND = 1_000_000_000
TERMS = ("faultplane-lease", "faultplane-held", "faultplane-time")


def nanoseconds(seconds: object) -> int:
    """Decimal seconds, as text or as JSON's number, to whole nanoseconds without a float between; raises ValueError."""
    try:
        return int(Decimal(str(seconds)) * SECOND)
    except (InvalidOperation, ValueError, OverflowError) as error:
        raise ValueError(f"{seconds!r} is no number of seconds") from error


@dataclass(frozen=True)
class Moment:
    """One reading of both clocks, in nanoseconds."""

    boot: int
    wall: int

    def passed(self, later: "Moment") -> int:
        """How much time an injector must take to have passed: the larger of what the two clocks say."""
        return max(later.boot - self.boot, later.wall - self.wall)


@dataclass(frozen=True)
class Line:
    """One line of a record, and where it stands."""

    file: str
    number: int
    data: dict

    @property
    def kind(self) -> str:
        return self.data["kind"]

    @property
    def moment(self) -> Moment:
        return Moment(self.data["boot"], self.data["wall"])

    @property
    def place(self) -> str:
        return f"{self.file}:{self.number}"


@dataclass(frozen=True)
class Violation:
    """One broken promise, in a sentence, and where it is recorded."""

    promise: str
    line: Line
    text: str

    def __str__(self) -> str:
        at = f"{self.line.data['boot'] / SECOND:.6f} s" if "boot" in self.line.data else "no time"
        return f"{self.promise}: {self.line.place} (boot {at}): {self.text}"


@dataclass
class Answer:
    """One answer to a poll, with what the poll said."""

    line: Line
    asked: Moment
    named: int | None
    status: int
    version: int | None = None
    epoch: int | None = None
    target: str | None = None
    # What the body holds, or, of a 304, what the version that was named was told with; None where nobody knows.
    faults: list[dict] | None = None
    raw: str = ""
    lease: int = 0
    held: int = 0
    time: int = 0
    is_degraded: bool = False
    # Why an injector cannot understand it, and takes it for none.
    trouble: str | None = None

    @property
    def received(self) -> Moment:
        return self.line.moment

    @property
    def trust(self) -> int:
        """For how long after the asking it may be trusted."""
        return self.held + self.lease

    @property
    def says(self) -> bool:
        """Whether it tells the injector of a version."""
        return self.trouble is None and not self.is_degraded

    def on(self) -> list[dict]:
        """The faults it serves that have not ended by its own clock."""
        return [fault for fault in self.faults or [] if nanoseconds(fault["notAfter"]) > self.time]


@dataclass
class Injector:
    """Everything that one file tells of one injector, in the order in which it was written."""

    file: str
    lines: list[Line]
    target: str = ""
    instance: str = ""
    answers: list[Answer] = field(default_factory=list)
    # Answers and invocations, in order.
    events: list[Answer | Line] = field(default_factory=list)
    # What cannot be read or was cut off: notes, not violations.
    notes: list[str] = field(default_factory=list)


def read_lines(path: Path, notes: list[str]) -> list[Line]:
    """The lines of a record; one that the writer did not finish, which only the last can be, is noted and left out."""
    parts = path.read_bytes().split(b"\n")
    lines = []
    for number, part in enumerate(parts, 1):
        if not part:
            continue
        try:
            data = json.loads(part, parse_float=Decimal)
            if not isinstance(data, dict) or "kind" not in data:
                raise ValueError("it is no object with a kind")
        except ValueError as error:
            if number == len(parts):
                notes.append(f"{path.name}:{number}: the last line was cut off and is left out: {part[:80]!r}")
                continue
            raise ValueError(f"{path.name}:{number}: {error}: {part[:80]!r}") from error
        lines.append(Line(path.name, number, data))
    return lines


def _understood(answer: Answer, headers: dict, body: object) -> None:
    """Fills in what the answer says; raises ValueError, KeyError or TypeError where it says nothing that can be understood."""
    if answer.status not in (200, 304):
        raise ValueError(f"status {answer.status}")
    if answer.status == 200:
        answer.target, answer.epoch, answer.faults = body["target"], body["epoch"], body["faults"]
        if "degraded" in body:
            answer.is_degraded = True
            return
        answer.version = body["version"]
        for fault in answer.faults:
            _ = fault["id"], fault["salt"], fault["parameters"].items(), nanoseconds(fault["notBefore"])
            nanoseconds(fault["notAfter"])
    else:
        if answer.named is None:
            raise ValueError("a 304 to a request that named no version")
        answer.version, answer.epoch = answer.named, answer.named >> 32
    answer.lease, answer.held, answer.time = (nanoseconds(headers[name]) for name in TERMS)
    if headers.get("etag", f'"{answer.version}"') != f'"{answer.version}"':
        raise ValueError(f"ETag {headers['etag']} where the version is {answer.version}")
    if answer.version >> 32 != answer.epoch:
        raise ValueError(f"version {answer.version} is of epoch {answer.version >> 32}, and it says {answer.epoch}")


def read_injector(path: Path) -> Injector:
    """One injector's record; a 304 is given the faults that its version was told with."""
    notes: list[str] = []
    found = Injector(path.name, read_lines(path, notes), notes=notes)
    asked: dict[int, Line] = {}
    told: dict[int, Answer] = {}
    for line in found.lines:
        if line.kind == "start":
            found.target, found.instance = line.data["target"], line.data["instance"]
        elif line.kind == "asked":
            asked[line.data["poll"]] = line
        elif line.kind == "invoked":
            found.events.append(line)
        elif line.kind == "answered":
            poll = asked.get(line.data["poll"])
            if poll is None:
                raise ValueError(f"{line.place}: an answer to poll {line.data['poll']}, which was never asked")
            answer = Answer(line, poll.moment, poll.data["named"], line.data["status"], raw=line.data.get("raw") or "")
            try:
                _understood(answer, line.data["headers"], line.data["body"])
            except (ValueError, KeyError, TypeError, AttributeError) as error:
                answer.trouble = f"{type(error).__name__}: {error}"
                found.notes.append(f"{line.place}: no answer that can be understood: {answer.trouble}")
            if answer.says and answer.status == 200:
                told[answer.version] = answer
            elif answer.says:
                before = told.get(answer.version)
                answer.faults, answer.target = (before.faults, before.target) if before else (None, None)
            found.answers.append(answer)
            found.events.append(answer)
    return found
