"""What the measurements of the real server share: options, a directory, servers and load on their cores, and how results end."""

import argparse
import json
import os
import shlex
import signal
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from . import build, machine, peers, report
from .delivery import Plan, Scene
from .load import Load, LoadFailed
from .processes import ServerFailed, cores

RELEASE = build.REPOSITORY / ".build" / "release" / "faultplane"


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def parser(about: str, plan: Plan, results: Path) -> argparse.ArgumentParser:
    """With the options that all have; a whole run writes the page and the results."""
    found = argparse.ArgumentParser(description=about)
    found.add_argument("--targets", type=int, default=plan.targets, help=f"that are known (default {plan.targets})")
    found.add_argument("--rounds", type=int, default=plan.rounds, help=f"of everything, by turns (default {plan.rounds})")
    found.add_argument("--seconds", type=float, default=plan.seconds, help=f"of load, each time (default {plan.seconds})")
    found.add_argument("--loops", type=int, default=plan.loops, help=f"event loops of the server (default {plan.loops})")
    found.add_argument("--quick", action="store_true", help="few and short, to see that it works; writes nothing")
    found.add_argument("--serve", default=str(RELEASE), help="the command of the server under test")
    found.add_argument("--work", type=Path, default=build.TOOLS, help="where the load generator is compiled")
    found.add_argument("--page", type=Path, default=build.REPOSITORY / "docs" / "performance.md")
    found.add_argument("--results", type=Path, help=f"raw results; a whole run writes {results.relative_to(build.REPOSITORY)}")
    return found


def _scene(options: argparse.Namespace, plan: Plan, directory: Path) -> tuple[Scene, bool]:
    """Also whether servers and load have a core each."""
    server_core, load_core = cores()
    # Several loops on one core would measure nothing.
    pinned = server_core != load_core and plan.loops == 1
    if pinned:
        # Whatever asks stays off the server's core.
        os.sched_setaffinity(0, {load_core})
    document = (build.BENCHMARKS / "document.json").read_bytes()
    setting = peers.Setting(directory, server_core if pinned else None, document, options.work, shlex.split(options.serve))
    load = Load(build.load_generator(options.work), load_core if pinned else None, directory / "load", document)
    return Scene(plan, setting, load, say), pinned


def results_of(options: argparse.Namespace, plan: Plan, measured: Callable[[Scene], dict]) -> dict | None:
    """What was measured, by part; None where there was nothing to measure with, and that was said."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    results = {"machine": machine.describe(), "plan": vars(plan), "quick": options.quick}
    with tempfile.TemporaryDirectory(prefix="bench-") as directory:
        folder = Path(directory)
        folder.chmod(0o755)  # the database may run as another user
        try:
            scene, results["pinned"] = _scene(options, plan, folder)
            results["parts"] = measured(scene)
        except (LoadFailed, ServerFailed) as error:
            say(f"bench: {error}")
            return None
    return results


def ended(results: dict, table: str, page: tuple[Path, str, str] | None, raw: Path | None) -> int:
    """Shows the table, writes what is to be written, and says what was wrong; the exit status."""
    print(table)
    if raw:
        raw.parent.mkdir(parents=True, exist_ok=True)
        raw.write_text(json.dumps(results, indent=1) + "\n")
    if page:
        path, begin, end = page
        report.write_page(path, table, begin, end)
    wrong = [text for part in results["parts"].values() for text in part["wrong"]]
    for text in wrong:
        say(f"bench: {text}")
    return 1 if wrong else 0
