#!/usr/bin/env python3
"""Measures experiment starts beside plain PostgreSQL doing the same inserts, and reads among many stored experiments."""

import argparse
import json
import re
import shlex
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from harness import build, machine, report
from harness.database import Embedded
from harness.load import Load, ask
from harness.peers import GET, Kind, Setting, start_subject
from harness.processes import ServerFailed

BEGIN, END = "<!-- starts:begin -->", "<!-- starts:end -->"
ROLE = "arn:aws:iam::000000000000:role/fis"
WAIT = {"actionId": "aws:fis:wait", "parameters": {"duration": "PT12H"}}
TEMPLATE = {"clientToken": "bench", "description": "bench", "stopConditions": [{"source": "none"}], "roleArn": ROLE,
            "actions": {"First": WAIT, "Second": WAIT, "Third": WAIT}}


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    release = build.REPOSITORY / ".build" / "release"
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=3)
    parser.add_argument("--stored", type=int, default=100_000, help="experiments among which pages are read")
    parser.add_argument("--subject", default=f"{release}/bench-server --port 0")
    parser.add_argument("--page", type=Path, default=build.REPOSITORY / "docs" / "performance.md")
    parser.add_argument("--quick", action="store_true", help="1 round of 1 s among 1,000; writes nothing")
    options = parser.parse_args()
    if options.quick:
        options.rounds, options.seconds, options.stored = 1, 1, 1_000
    return options


def post(peer, path: str, body: dict) -> dict:
    status, answer = ask(peer, "POST", path, json.dumps(body).encode())
    if status != 200:
        raise ServerFailed(f"POST {path} answers {status}: {answer.decode()}")
    return json.loads(answer)


class Bench:
    """One server, its database, and the load on both."""

    def __init__(self, peer, database: Embedded, load: Load, options: argparse.Namespace):
        self.peer, self.database, self.load, self.options = peer, database, load, options
        self.template = post(peer, "/experimentTemplates", TEMPLATE)["experimentTemplate"]["id"]
        self.runs = 0

    def starts(self, clients: int) -> dict:
        self.runs += 1
        body = json.dumps({"clientToken": f"run-{self.runs}-########", "experimentTemplateId": self.template}).encode()
        found = self.load.post(self.peer, "/experiments", body, connections=clients, seconds=self.options.seconds)
        if found["errors"]:
            raise ServerFailed(f"starts went wrong: {found}")
        # What was started is taken up before anything else is measured.
        self.database.settle()
        return {"per_second": found["per_second"], "p50": found["latency_us"]["p50"], "p99": found["latency_us"]["p99"]}

    def reads(self, path: str) -> dict:
        found = self.load.run("closed", self.peer, path, any_body=True, connections=4, seconds=self.options.seconds)
        if found["errors"]:
            raise ServerFailed(f"reads went wrong: {found}")
        return {"per_second": found["per_second"], "p50": found["latency_us"]["p50"], "p99": found["latency_us"]["p99"]}


def measured(bench: Bench, options: argparse.Namespace) -> dict:
    bench.starts(1)
    bench.database.prepare_plain()
    bench.database.prepare_same()
    samples = {clients: {"plain": [], "same": [], "start": []} for clients in (1, 8)}
    for number in range(options.rounds):
        for clients, taken in samples.items():
            turns = [("plain", lambda: bench.database.inserts(clients, options.seconds)),
                     ("same", lambda: bench.database.inserts(clients, options.seconds, same=True)),
                     ("start", lambda: bench.starts(clients))]
            for name, sample in turns if number % 2 == 0 else reversed(turns):
                taken[name].append(sample())
                print(f"{name}, {clients} clients: {taken[name][-1]}", file=sys.stderr, flush=True)
    bench.database.fill(options.stored)
    one = json.loads(ask(bench.peer, "GET", "/experiments?maxResults=1")[1])["experiments"][0]["id"]
    # The first reads after so many rows find every plan and every page to be made anew.
    bench.reads("/experiments?maxResults=100")
    reads = {"one page of 100": bench.reads("/experiments?maxResults=100"),
             "one page of 10": bench.reads("/experiments?maxResults=10"),
             "one experiment": bench.reads(f"/experiments/{one}")}
    return {"samples": samples, "reads": reads}


def ratio(taken: dict, value: str, of: str) -> float:
    return statistics.median(start[value] / plain[value] for start, plain in zip(taken["start"], taken[of]))


def tables(found: dict, options: argparse.Namespace) -> str:
    m = machine.describe()
    rows = []
    for clients, taken in found["samples"].items():
        for name, label in (("plain", "PostgreSQL alone: a run and three actions, as small as can be"),
                            ("same", "PostgreSQL alone: the rows that a start writes"), ("start", "StartExperiment")):
            best = taken[name]
            rows.append([label, str(clients), f"{max(one['per_second'] for one in best):,.0f}",
                         f"{statistics.median(one['p50'] for one in best) / 1000:.2f}",
                         f"{statistics.median(one['p99'] for one in best) / 1000:.2f}"])
    one, eight = found["samples"][1], found["samples"][8]
    fastest = max(sample["per_second"] for sample in eight["start"])
    slowest = max(read["p99"] for read in found["reads"].values()) / 1000
    verdicts = [
        ["p50 of a start / of PostgreSQL alone with the small rows, 1 client", "at most 2.5",
         f"{ratio(one, 'p50', 'plain'):.2f}"],
        ["p50 of a start / of PostgreSQL alone with the same rows, 1 client", "", f"{ratio(one, 'p50', 'same'):.2f}"],
        ["starts per second, 8 clients", "at least 3,000", f"{fastest:,.0f}"],
        ["of the rate of PostgreSQL alone with the same rows, 8 clients", "", f"{ratio(eight, 'per_second', 'same'):.2f}"],
        [f"p99 of a read among {options.stored:,} experiments, 4 clients", "under 5 ms", f"{slowest:.1f} ms"],
    ]
    reads = [[name, f"{read['per_second']:,.0f}", f"{read['p50'] / 1000:.2f}", f"{read['p99'] / 1000:.2f}"]
             for name, read in found["reads"].items()]
    return "\n\n".join([
        f"Measured {m['date']}: {m['cpu']}, {m['cores']} cores, PostgreSQL {found['version']}, fsync on; "
        f"{options.rounds} interleaved rounds of {options.seconds:g} s; load average before: {m['load_average']:g}.",
        report.table(["what", "target", "measured"], verdicts),
        report.table(["what", "clients", "per second", "p50 ms", "p99 ms"], rows),
        report.table([f"read among {options.stored:,}, 4 clients", "per second", "p50 ms", "p99 ms"], reads)])


def main() -> int:
    options = arguments()
    with tempfile.TemporaryDirectory(prefix="bench-") as directory:
        folder = Path(directory)
        folder.chmod(0o755)
        setting = Setting(folder, None, b"", folder, shlex.split(options.subject) + ["--data-dir", str(folder / "data")])
        kind = Kind("faultplane", "Faultplane", GET, start_subject)
        try:
            peer = start_subject(kind, setting)
            with peer.server:
                database = Embedded(folder / "data")
                load = Load(build.load_generator(build.REPOSITORY / ".build" / "bench"), None, folder / "load", b"{}")
                found = measured(Bench(peer, database, load, options), options)
                found["version"] = re.match(r"[\d.]+", database.ask("SHOW server_version")).group(0)
        except (ServerFailed, subprocess.CalledProcessError) as error:
            print(f"bench: {error}", file=sys.stderr)
            return 1
    table = tables(found, options)
    print(table)
    if not options.quick:
        report.write_page(options.page, table, BEGIN, END)
    return 0


if __name__ == "__main__":
    sys.exit(main())
