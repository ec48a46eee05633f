"""What the guards of many runs are held against, and their tables."""

from .guards import SOURCES
from .report import table
from .targets import row

# Each condition of a run that goes on is read at least as often as this, in seconds.
PROMISED = 5.0


def verdicts(results: dict) -> list[dict]:
    part = results["parts"]["guards"]
    longest = part["pauses"]["max"]
    ours, without = part["guarded"], part["unguarded"]
    return [
        row("longest pause between two evaluations of any run", f"at most {PROMISED:g} s", f"{longest:.2f} s", longest <= PROMISED),
        {"name": "server's CPU, of one core", "target": "", "measured": f"{100 * ours['server']:.1f} %", "verdict": ""},
        {"name": "without guards", "target": "", "measured": f"{100 * without['server']:.1f} %", "verdict": ""},
        {"name": "PostgreSQL's CPU, of one core", "target": "", "measured": f"{100 * ours['database']:.1f} %", "verdict": ""},
        {"name": "without guards", "target": "", "measured": f"{100 * without['database']:.1f} %", "verdict": ""},
        {"name": "Prometheus's CPU meanwhile, of one core", "target": "", "measured": f"{100 * ours['Prometheus']:.1f} %", "verdict": ""},
    ]


def tables(results: dict) -> str:
    m, part = results["machine"], results["parts"]["guards"]
    pinned = "server and database on one core, sources on the other" if results["pinned"] else "nothing pinned to a core"
    pauses = part["pauses"]
    rows = [[source, f"{1000 * part['latencies'][source]['p50']:.1f}", f"{1000 * part['latencies'][source]['p99']:.1f}",
             f"{sum(part['verdicts'][source].values()):,}"] for source in SOURCES]
    return "\n\n".join([
        f"Measured {m['date']}: {m['cpu']}, {m['cores']} cores, Linux {m['kernel']}, {m['system']}; {pinned}; "
        f"load average before: {m['load_average']:g}.",
        table(["what", "target", "measured", ""],
              [[one["name"], one["target"], one["measured"], one["verdict"]] for one in results["targets"]]),
        f"{part['runs']:,} runs with {len(SOURCES)} conditions each for {part['seconds']:g} s: {part['evaluations']:,} evaluations, "
        f"{part['transactions']:.0f} transactions a second; pauses between them: p50 {pauses['p50']:.2f} s, p99 {pauses['p99']:.2f} s, "
        f"longest {pauses['max']:.2f} s.",
        table(["source", "p50 ms", "p99 ms", "readings"], rows)])
