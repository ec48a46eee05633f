"""What `GET /experiments/{id}/guards` keeps of a run, read page by page."""

import urllib.parse
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from guarded import Guarded, Run


def evaluations(site: Guarded, run: Run, size: int = 100) -> Iterator[dict]:
    """All that were kept, the newest first."""
    token = None
    while True:
        asked = f"/experiments/{run.id}/guards?maxResults={size}"
        page = site.node.ask("GET", asked + (f"&nextToken={urllib.parse.quote(token, safe='')}" if token else ""))
        yield from page["evaluations"]
        token = page.get("nextToken")
        if not token:
            return


@dataclass
class Pace:
    """How often a run's conditions were read, and what came of it."""

    count: int = 0
    # Seconds between one evaluation and the next.
    gaps: list[float] = field(default_factory=list)
    verdicts: Counter = field(default_factory=Counter)
    latencies: list[float] = field(default_factory=list)

    @classmethod
    def of(cls, kept: list[dict]) -> "Pace":
        times = sorted(one["at"] for one in kept)
        readings = [reading for one in kept for reading in one["readings"]]
        return cls(len(kept), [later - earlier for earlier, later in zip(times, times[1:])],
                   Counter(reading["verdict"] for reading in readings),
                   [reading["latencySeconds"] for reading in readings if reading["latencySeconds"] is not None])

    def add(self, other: "Pace") -> None:
        self.count += other.count
        self.gaps += other.gaps
        self.verdicts += other.verdicts
        self.latencies += other.latencies
