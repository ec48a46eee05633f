"""What delivery is held against, and its tables: medians of the rounds, and ratios of what was measured in the same round."""

import statistics
from collections.abc import Callable

from .report import table
from .targets import cpu, per_second, ratios, row, taken, values

VISIBLE_MS = 250
POLL_RATIO = 1.10
WAITING_KIB = 2.0
NGINX_RATIO = 1.0
EVENTS = ["start", "stop", "halt"]


def median(found: list[dict], value: Callable[[dict], float]) -> float:
    return statistics.median(value(one) for one in found)


def in_ms(times: str, share: str) -> Callable[[dict], float]:
    return lambda one: one[times][share] / 1000


def each_kib(memory: dict, before: str, after: str, count: int) -> float:
    return (memory[after]["VmRSS"] - memory[before]["VmRSS"]) / count


def paired(samples: list[dict], name: str, other: str, key: str = "cpu_us") -> float:
    """The median of the rounds' own ratios."""
    by_round = {(one["round"], one["name"]): one[key] for one in samples}
    return statistics.median(value / by_round[turn, other] for (turn, which), value in by_round.items() if which == name)


def beside_bare(samples: dict, name: str) -> float:
    """Round by round; of several in a round each is beside that round's wake."""
    found, bare = samples[name], samples["bare"]
    each = len(found) // len(bare)
    return statistics.median(one["visible_us"]["p99"] / bare[number // each]["wake_us"]["p99"]
                             for number, one in enumerate(found))


def proofs(samples: dict) -> list[float]:
    return [one["proof"]["confirmed_us"] / 1000 for one in samples["halt"] if one["proof"]["confirmed_us"] is not None]


def _cycle_rows(part: dict | None) -> list[dict]:
    rows = []
    for name in EVENTS:
        found = part["samples"][name] if part else []
        p99 = median(found, in_ms("visible_us", "p99")) if found else None
        rows.append(row(f"{name.capitalize()}: every instance has the new version, p99", f"under {VISIBLE_MS} ms",
                        f"{p99:.0f} ms" if found else None, p99 < VISIBLE_MS if found else None))
    return rows


def _targets_rows(part: dict | None, plan: dict) -> list[dict]:
    names = [("One target changes: answers to others", "0"),
             ("Process memory for each waiting instance", f"under {WAITING_KIB:g} KiB"),
             (f"CPU per poll, {plan['targets']:,} targets / 10", f"at most {POLL_RATIO:.2f}"),
             ("Database statements per poll", "0")]
    if not part:
        return [row(name, goal, None, None) for name, goal in names]
    others = sum(one["others"]["changed"] for one in part["isolation"]["samples"])
    kib = max(each_kib(part["waiting"], "empty", state, plan["instances"]) for state in ("waiting", "holding"))
    ratio = paired(part["cost"], "many", "few")
    per_poll = statements_each(part["statements"])
    # What is done every second, or every few, may fall into either of the two times.
    return [row(*names[0], str(others), others == 0), row(*names[1], f"{kib:.2f} KiB", kib < WAITING_KIB),
            row(*names[2], f"{ratio:.2f}", ratio <= POLL_RATIO), row(*names[3], f"{per_poll:.5f}", per_poll < 0.001)]


def statements_each(found: dict) -> float:
    """The larger of what the server and what the database counted, less what they count without polls."""
    more = max(found["busy"][count] - found["idle"][count] for count in ("lent", "transactions"))
    return max(0.0, more) / found["busy"]["polls"]


def _polls_rows(part: dict | None) -> list[dict]:
    rows = []
    for bench in ("200", "304"):
        found = part and ratios(part, bench, "nginx-inline", cpu)
        rows.append(row(f"CPU per poll answered {bench} / nginx inline", f"at most {NGINX_RATIO:.2f}",
                        found and f"{found[0]:.2f} (best over best {found[1]:.2f})", found and found[0] <= NGINX_RATIO))
    return rows


def verdicts(results: dict) -> list[dict]:
    parts = results["parts"]
    return (_cycle_rows(parts.get("cycle")) + _targets_rows(parts.get("targets"), results["plan"])
            + _polls_rows(parts.get("polls")))


def _cycle_tables(part: dict, plan: dict) -> list[str]:
    rows, samples = [], part["samples"]
    for name in EVENTS:
        if not (found := samples[name]):
            continue
        seen = [f"{median(found, in_ms('visible_us', share)):.1f}" for share in ("min", "p50", "p99", "max")]
        told = [f"{median(found, in_ms('confirmed_us', share)):.1f}" for share in ("p50", "p99", "max")]
        proof = f"{statistics.median(proofs(samples)):.1f}" if name == "halt" and proofs(samples) else "-"
        rows.append([name, f"{median(found, lambda one: one['answered_us'] / 1000):.1f}", *seen, *told, proof,
                     f"{beside_bare(samples, name):.2f}"])
    bare = [f"{median(samples['bare'], in_ms('wake_us', share)):.1f}" for share in ("min", "p50", "p99", "max")]
    rows.append(["bare C loop, woken", "-", *bare, "-", "-", "-", "-", "1.00"])
    kib = [each_kib(part["memory"], "empty", after, plan["instances"]) for after in ("waiting", "end")]
    return [f"### {plan['instances']:,} waiting instances on one node",
            table(["what", "answered ms", "first ms", "p50 ms", "p99 ms", "last ms", "confirmed p50 ms", "p99 ms", "last ms",
                   "proof ms", "p99 / bare p99"], rows),
            f"Process memory for each: {kib[0]:.2f} KiB when they had connected, {kib[1]:.2f} KiB after all rounds. "
            + _proof(samples)]


def _proof(samples: dict) -> str:
    if not samples["halt"]:
        return ""
    last = samples["halt"][-1]["proof"]
    if last["confirmed_us"] is not None:
        return f"The proof knew {last['instances']['known']:,} instances, and all had confirmed."
    told = last["instances"] and last["instances"]["known"] is not None
    return f"The proof was not complete in time: {last['instances']}." if told else "The proof did not tell of instances."


def _targets_tables(part: dict, plan: dict) -> list[str]:
    rows = []
    for name, label in [("few", "10 targets"), ("ten of many", f"10 of {plan['targets']:,}"), ("many", f"{plan['targets']:,}")]:
        found = [one for one in part["cost"] if one["name"] == name]
        rows.append([label, f"{median(found, per_second):,.0f}", f"{median(found, cpu):.2f}",
                     f"{median(found, lambda one: one['own_cpu_us']):.2f}", f"{paired(part['cost'], name, 'few'):.2f}",
                     f"{paired(part['cost'], name, 'few', 'own_cpu_us'):.2f}"])
    one, counted, memory = part["isolation"], part["statements"], part["waiting"]
    woken = [sample["visible_us"]["count"] for sample in one["samples"]]
    expected = one["samples"][0]["expected"]
    idle, busy = counted["idle"], counted["busy"]
    return [
        f"### {plan['targets']:,} targets",
        table(["polled by turns, answered 304", "per second", "CPU us", "without the database", "CPU / that of 10",
               "without the database"], rows),
        f"{plan['instances']:,} instances waited for {one['targets_waited_for']:,} targets. A change to one woke "
        f"{min(woken)} to {max(woken)} of the {expected} that waited for it, p99 "
        f"{median(one['samples'], in_ms('visible_us', 'p99')):.1f} ms, and "
        f"{sum(sample['others']['changed'] for sample in one['samples'])} others.",
        f"Process memory, of a server that never had more: {each_kib(memory, 'empty', 'waiting', plan['instances']):.2f} KiB for "
        f"each waiting instance, {each_kib(memory, 'empty', 'holding', plan['instances']):.2f} KiB when it holds a fault; "
        f"{each_kib(part['known'], 'empty', 'known', plan['targets']):.2f} KiB for each target.",
        f"Database, in {counted['seconds']:g} s: sessions lent {idle['lent']:.0f} times without polls and {busy['lent']:.0f} "
        f"times with {busy['polls']:,}; transactions {idle['transactions']} and {busy['transactions']}."]


def _polls_tables(part: dict) -> list[str]:
    found = [f"Left out: {why}." for why in part["missing"].values()]
    for bench, size in zip(("200", "304"), part["sizes"].values()):
        rows = []
        for name, label in part["peers"].items():
            if not taken(part, bench, name):
                continue
            shared = ratios(part, bench, name, cpu)
            spent = values(part, bench, name, cpu)
            rows.append([label, f"{max(values(part, bench, name, per_second)):,.0f}", f"{min(spent):.2f}",
                         f"{statistics.median(spent):.2f}", f"{shared[0]:.2f}"])
        found += [f"### Polls answered {bench}, {size} bytes",
                  table(["server", "per second", "CPU us", "median", "Faultplane's CPU / its"], rows)]
    return found


def _herd_tables(part: dict, plan: dict) -> list[str]:
    rows = []
    for number, one in enumerate(part["samples"], 1):
        came, memory = one["arrivals"], one["memory"]
        rows.append([str(number), f"{one['listening_us'] / 1e6:.2f}", f"{one['trusted_us']['min'] / 1e6:.2f}",
                     f"{one['trusted_us']['p50'] / 1e6:.2f}", f"{one['trusted_us']['max'] / 1e6:.2f}", str(came["degraded"]),
                     str(came["refused"]), str(came["reconnected"]), f"{one['lent']:.0f}",
                     f"{memory['after']['VmHWM'] / 1024:.1f}"])
    return [f"### {plan['instances']:,} instances at once after kill -9 and a start on the same data",
            table(["time", "listening after s", "first trusted s", "p50 s", "last s", "degraded", "refused", "connected again",
                   "database sessions lent", "peak MiB"], rows),
            f"An empty server's memory: {part['empty']['VmRSS'] / 1024:.1f} MiB."]


def tables(results: dict) -> str:
    m, plan, parts = results["machine"], results["plan"], results["parts"]
    pinned = "server and database on one core, load on the other" if results["pinned"] else "nothing pinned to a core"
    found = [f"Measured {m['date']}: {m['cpu']}, {m['cores']} cores, Linux {m['kernel']}, {m['system']}; {pinned}; "
             f"event loops: {plan['loops']}; {plan['rounds']} interleaved rounds; load average before: {m['load_average']:g}.",
             table(["what", "target", "measured", ""],
                   [[one["name"], one["target"], one["measured"], one["verdict"]] for one in results["targets"]])]
    if "cycle" in parts:
        found += _cycle_tables(parts["cycle"], plan)
    if "targets" in parts:
        found += _targets_tables(parts["targets"], plan)
    if "polls" in parts:
        found += _polls_tables(parts["polls"])
    if "herd" in parts:
        found += _herd_tables(parts["herd"], plan)
    return "\n\n".join(found)
