"""What can happen to a source, how it is brought about, and what it means to a run: the rows of docs/stop-conditions.md."""

import enum
from collections.abc import Callable
from dataclasses import dataclass, field

import faulty
from exporter import Health
from guarded import BUDGET, PACE, PATIENCE, Guarded

PROMETHEUS, CLOUDWATCH, HTTP, ALARM, TELEMETRY = "prometheus", "aws:cloudwatch:alarm", "http", "alarm", "telemetry"
OUTGOING = (PROMETHEUS, CLOUDWATCH, HTTP)
ONCE = PACE + BUDGET + 1
# What a busy machine may add, in seconds.
ALLOWANCE = 1.5


class Meaning(enum.Enum):
    """What a fault of a source is to a run."""

    breach = "breach"
    unreadable = "unreadable"
    nothing = "nothing"

    @property
    def at_start(self) -> str:
        """What becomes of a run that is started then."""
        return {Meaning.breach: "stopped", Meaning.unreadable: "failed", Meaning.nothing: "goes on"}[self]

    @property
    def under_way(self) -> str:
        return "goes on" if self is Meaning.nothing else "stopped"

    @property
    def earliest(self) -> float:
        """Seconds before which no run may have ended for it."""
        return PATIENCE - ONCE if self is Meaning.unreadable else 0.0

    @property
    def latest(self) -> float:
        """Seconds in which each run must have ended."""
        return PATIENCE + ONCE if self is Meaning.unreadable else ONCE

    @property
    def measured_latest(self) -> float:
        """The same on a machine that plays all of it at once: a promise is not kept better by more processes than cores."""
        return self.latest + ALLOWANCE


Doing = Callable[[Guarded, str], object]


@dataclass(frozen=True)
class Case:
    """One source's part in a fault, and what the reason of a run says of it."""

    source: str
    meaning: Meaning
    says: str = ""
    # What else its condition has, or has in another way.
    more: dict = field(default_factory=dict)
    # What is done to what one run watches, when the fault begins; and before that, when the run is made.
    begin: Doing | None = None
    prepare: Doing | None = None
    # How many seconds the fault itself takes to be seen by anybody.
    after: float = 0.0
    # Whether runs that are started before and after it both mean something.
    under_way: bool = True
    at_start: bool = True
    # What the condition's source is called in the table.
    label: str = ""


@dataclass(frozen=True)
class Fault:
    """Some rows of the table: what happens at a moment to a plane's sources."""

    name: str
    # Short, for files and databases.
    key: str
    cases: tuple[Case, ...]
    begin: Callable[[Guarded], object] | None = None
    # What happens so many seconds later.
    later: tuple[float, Callable[[Guarded], object]] | None = None


def unreadable(*sources: str, says: str = "", **more: object) -> tuple[Case, ...]:
    return tuple(Case(source, Meaning.unreadable, says, **more) for source in sources)


def nothing(*sources: str, **more: object) -> tuple[Case, ...]:
    return tuple(Case(source, Meaning.nothing, **more) for source in sources)


def _behaves(behaviour: faulty.Behaviour) -> Callable[[Guarded], None]:
    return lambda site: site.behave(behaviour)


def _expire(site: Guarded) -> None:
    site.sources.prometheus.turn_away(site.user)
    site.sources.cloudwatch.forget_key(site.user, site.key[0])


def _renew(site: Guarded) -> None:
    site.sources.prometheus.let_in(f"{site.name}-renewed")
    site.write_auth(f"{site.name}-renewed")
    site.write_key(site.sources.cloudwatch.new_key(f"{site.name}-renewed"))


def _watched_by_alertmanager(site: Guarded, name: str) -> None:
    site.sources.exporter.set(name, 0)
    site.push(name, "OK", maxAge="PT6S", fedBy="alertmanager")


def _told_again_and_again(site: Guarded, name: str) -> None:
    # At once too: whoever tells it next may come only after it is to be silent.
    site.push(name, "OK", maxAge="PT2S")
    site.pushed.add(name)


# What happens between a plane and a source that it asks.
ASKED = (
    Fault("it answers after 4 s", "slow", unreadable(*OUTGOING, says="no answer"), _behaves(faulty.slow(4))),
    Fault("it answers after 1 s, and `within 500ms` is asked", "within", (
        Case(HTTP, Meaning.breach, "500", more={"within": " within 500ms"}),), _behaves(faulty.slow(1))),
    Fault("it takes the request and never answers", "hung", unreadable(*OUTGOING, says="no answer"), _behaves(faulty.hung)),
    Fault("it never answers for 6 s, and then again", "recovers", nothing(*OUTGOING), _behaves(faulty.hung),
          (6.0, _behaves(faulty.sound))),
    Fault("it answers 500", "fails", (
        *unreadable(PROMETHEUS, CLOUDWATCH, says="500"), Case(HTTP, Meaning.breach, "500")), _behaves(faulty.failing)),
    Fault("it answers with bytes that are no HTTP", "garbage", unreadable(*OUTGOING), _behaves(faulty.garbage)),
    Fault("it answers 200, and nothing that can be read", "nonsense", unreadable(*OUTGOING), _behaves(faulty.nonsense)),
    Fault("its answers are two minutes old", "stale", unreadable(PROMETHEUS, says="stale"), _behaves(faulty.stale(120))),
    Fault("its port is closed", "refused", unreadable(*OUTGOING), Guarded.refuse),
    Fault("it has moved to a name that nobody knows", "moved", unreadable(*OUTGOING), _behaves(faulty.moved)),
    Fault("its name was never known", "nowhere", unreadable(PROMETHEUS, CLOUDWATCH, says="resolve", under_way=False)),
    Fault("every other answer is a 500", "flaps", (
        *nothing(PROMETHEUS, CLOUDWATCH), Case(HTTP, Meaning.breach, "500", after=PACE, at_start=False)),
          _behaves(faulty.flapping(faulty.failing))),
    Fault("every other answer is a 500, and `breaches` 3 `of` 4 are asked", "flapping", nothing(
        HTTP, more={"breaches": 3, "of": 4}, at_start=False), _behaves(faulty.flapping(faulty.failing))),
    Fault("our credentials are taken back", "expired", (
        *unreadable(PROMETHEUS, says="401"), *unreadable(CLOUDWATCH, says="InvalidClientTokenId")), _expire),
    Fault("our credentials are taken back, and the files have new ones 5 s later", "renewed", nothing(PROMETHEUS, CLOUDWATCH),
          _expire, (5.0, _renew)),
    Fault("our session token expires", "token", unreadable(CLOUDWATCH, says="expired"), _behaves(faulty.expired)),
    Fault("it asks us to ask less", "throttled", unreadable(CLOUDWATCH, says="Throttling"), _behaves(faulty.throttled)),
)

# What happens while every source is well; all of it on one plane.
WELL = (
    Fault("what it watches crosses the line", "fires", (
        Case(PROMETHEUS, Meaning.breach, "11", begin=lambda site, name: site.sources.exporter.set(name, 11), after=2),
        Case(CLOUDWATCH, Meaning.breach, "ALARM", begin=lambda site, name: site.sources.cloudwatch.set(name, "ALARM")),
        Case(HTTP, Meaning.breach, "11",
             begin=lambda site, name: site.sources.exporter.set_health(name, Health(value=11))),
        Case(ALARM, Meaning.breach, "ALARM", begin=lambda site, name: site.push(name, "ALARM", reason="a test")),
        Case(ALARM, Meaning.breach, "ALARM", label="alarm, by Alertmanager", prepare=_watched_by_alertmanager,
             begin=lambda site, name: site.sources.exporter.set(name, 11), after=5, at_start=False),
        Case(TELEMETRY, Meaning.breach, "> 0.2", begin=lambda site, name: site.tell(name, 10), after=4),
    )),
    Fault("nobody pushes its state any more (`maxAge` 2 s)", "silent", unreadable(
        ALARM, prepare=_told_again_and_again, begin=lambda site, name: site.pushed.discard(name), after=3,
        at_start=False)),
    Fault("there is no such alarm", "none", (
        *unreadable(ALARM, says="there is no alarm", begin=lambda site, name: site.forget(name)),
        *unreadable(CLOUDWATCH, begin=lambda site, name: site.sources.cloudwatch.alarms.delete_alarms(AlarmNames=[name])))),
    Fault("nobody reports any more", "unreported", nothing(
        TELEMETRY, begin=lambda site, name: site.reported.pop(name))),
    Fault("nobody reports any more, and `minInvocations 5` is asked", "few", unreadable(
        TELEMETRY, says="fewer than 5", begin=lambda site, name: site.reported.pop(name), more={"asks": " minInvocations 5"},
        after=15, at_start=False)),
)
