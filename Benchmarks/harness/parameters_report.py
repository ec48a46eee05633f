"""What reads of parameters are held against, and their tables."""

import statistics

from .delivery_report import statements_each
from .report import table
from .targets import cpu, per_second, ratios, row, taken, values

STATES = {"off": "nothing on", "on": "a delay on all"}


def verdicts(results: dict) -> list[dict]:
    part, rows = results["parts"]["parameters"], []
    for state, label in STATES.items():
        each = statements_each(part["statements"][state])
        # What is done every second, or every few, may fall into either of the two times.
        rows.append(row(f"Database statements per read, {label}", "0", f"{each:.5f}", each < 0.001))
    for state, other, label in [("off", "moto", "moto's"), ("off", "poll", "that of a native poll, nothing on"),
                                ("on", "poll", "that of a native poll, a delay on")]:
        found = ratios(part, state, other, cpu)
        # Nothing that it has to be: what it is depends on whom it is beside.
        rows.append({"name": f"CPU per read / {label}", "target": "", "verdict": "",
                     "measured": f"{found[0]:.4f}" if found and other == "moto" else f"{found[0]:.2f}" if found else "not measured"})
    return rows


def _rows(part: dict, state: str) -> list[list[str]]:
    rows = []
    for name, label in part["peers"].items():
        if not taken(part, state, name):
            continue
        spent = values(part, state, name, cpu)
        own = values(part, state, name, lambda one: one["own_cpu_us"])
        busy = max(values(part, state, name, lambda one: one["core_share"]))
        shared = ratios(part, state, name, cpu)[0]
        rows.append([STATES[state], label, f"{max(values(part, state, name, per_second)):,.0f}", f"{min(spent):.2f}",
                     f"{statistics.median(spent):.2f}", f"{statistics.median(own):.2f}",
                     f"{shared:.4f}" if shared < 0.1 else f"{shared:.2f}", f"{100 * busy:.0f} %"])
    return rows


def _statements(part: dict) -> str:
    found = []
    for state, label in STATES.items():
        one = part["statements"][state]
        idle, busy = one["idle"], one["busy"]
        found.append([label, f"{one['seconds']:g}", f"{busy['polls']:,}", f"{idle['transactions']} / {busy['transactions']}",
                      f"{idle['lent']:.0f} / {busy['lent']:.0f}", f"{busy['latency_us']['p50']:.0f}",
                      f"{busy['latency_us']['p99']:.0f}", f"{busy['latency_us']['max'] / 1000:.1f}"])
    return table(["", "seconds", "reads", "transactions without / with reads", "sessions lent without / with", "p50 us", "p99 us",
                  "longest ms"], found)


def tables(results: dict) -> str:
    m, plan, part = results["machine"], results["plan"], results["parts"]["parameters"]
    pinned = "server and database on one core, load on the other" if results["pinned"] else "nothing pinned to a core"
    return "\n\n".join([
        f"Measured {m['date']}: {m['cpu']}, {m['cores']} cores, Linux {m['kernel']}, {m['system']}; {pinned}; "
        f"event loops: {plan['loops']}; {plan['rounds']} interleaved rounds of {plan['seconds']:g} s; "
        f"load average before: {m['load_average']:g}.",
        *[f"Left out: {why}." for why in part["missing"].values()],
        table(["what", "target", "measured", ""],
              [[one["name"], one["target"], one["measured"], one["verdict"]] for one in results["targets"]]),
        f"{plan['targets']:,} functions by turns on {plan['connections']} connections; {part['sizes']['request']:,} bytes each request.",
        table(["", "read", "per second", "CPU us", "median", "without the database", "Faultplane's CPU / its", "core busy"],
              _rows(part, "off") + _rows(part, "on")),
        f"At {plan['poll_rate']:,} reads per second, from when each was due:",
        _statements(part)])
