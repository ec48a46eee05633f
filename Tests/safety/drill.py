"""Runs one scenario with one seed, measures it, and has the checker look at its record."""

import pathlib
import shutil
import subprocess
import sys
import traceback
from dataclasses import asdict, dataclass, field

import scenarios_fleet  # noqa: F401  (they put themselves into the list)
import scenarios_guards  # noqa: F401
import scenarios_single  # noqa: F401
import scenarios_time  # noqa: F401
from postgres import Clusters
from processes import Trouble, boot, pass_time
from scenario import Scenario
from world import SECOND, Mark, Options, World

CHECKER = pathlib.Path(__file__).parent / "checker.py"
# How much longer is looked than anything was promised to take.
LONGER = 2 * SECOND


@dataclass
class Result:
    """What came of one run."""

    scenario: str
    seed: int
    # Seconds until nothing was injected any more, the largest where there were several ends; None where it never came so far.
    measured: float | None = None
    bound: float | None = None
    # Promises broken, in the checker's words.
    violations: list[str] = field(default_factory=list)
    # What else is wrong with the server.
    complaints: list[str] = field(default_factory=list)
    # Why the run says nothing.
    trouble: str | None = None
    # Where its record is, if it is kept.
    record: str | None = None

    @property
    def is_good(self) -> bool:
        return not (self.trouble or self.violations or self.complaints)

    @property
    def is_late(self) -> bool:
        return self.measured is not None and self.measured > self.bound

    def as_json(self) -> dict:
        return asdict(self)


def run(scenario: Scenario, seed: int, options: Options, clusters: Clusters, folder: pathlib.Path, keeps: bool) -> Result:
    """One run from its world's beginning to its end, whatever happens."""
    result = Result(scenario.name, seed)
    folder.mkdir(parents=True)
    world = World(options, clusters, folder, seed)
    try:
        marks = scenario.run(world)
        measure(world, marks, result)
        result.complaints += world.complaints
    except Trouble as trouble:
        result.trouble = "; ".join([str(trouble), *world.complaints])
    except Exception:
        result.trouble = f"the harness failed: {traceback.format_exc()}"
    finally:
        world.close()
    if any(folder.glob("injector-*.jsonl")):
        check(folder, result)
    if keeps or not result.is_good:
        result.record = str(folder)
    else:
        shutil.rmtree(folder)
    return result


def measure(world: World, marks: list[Mark], result: Result) -> None:
    """Waits until all that was promised must have come true, and a little longer; then looks what did."""
    due = max(mark.since + mark.within for mark in marks)
    pass_time((max(due, boot()) + LONGER - boot()) / SECOND)
    world.check_proofs()
    for injector in world.injectors:
        injector.check_alive(boot() - LONGER)
        injector.end()
    worst = max(marks, key=lambda mark: took(world, mark) - mark.within)
    result.measured, result.bound = took(world, worst) / SECOND, worst.within / SECOND
    if result.is_late:
        result.complaints.append(f"injected for {result.measured:.3f} s, and {result.bound:.3f} s are promised")


def took(world: World, mark: Mark) -> int:
    """How long after a moment the fault was still injected, by whoever did so last."""
    found = [line["boot"] for injector in world.injectors for line in injector.invocations()
             if mark.fault.name in line["injected"]]
    if not found:
        raise Trouble(f"{mark.fault.name} was never injected")
    return max(0, max(found) - mark.since)


def check(folder: pathlib.Path, result: Result) -> None:
    done = subprocess.run([sys.executable, CHECKER, folder], capture_output=True, text=True, timeout=120, check=False)
    if done.returncode == 2:
        result.trouble = "; ".join(filter(None, [result.trouble, done.stderr.strip()]))
    elif done.returncode != 0:
        result.violations = [line for line in done.stdout.splitlines() if line.startswith("I")]
