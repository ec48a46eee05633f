"""Results as text: a line while running, tables of Markdown at the end."""

import statistics
from pathlib import Path

from . import targets
from .targets import cpu, p99, per_second, ratios, taken, values

BEGIN, END = "<!-- results:begin -->", "<!-- results:end -->"
NEW_PAGE = f"# Performance\n\n{BEGIN}\n{END}\n"


def line(sample: dict) -> str:
    text = f"{sample['bench']:<12}{sample['peer']:<18}"
    if sample["bench"] == "park":
        wake = sample["wake_us"]
        text += f"wake p50 {wake['p50'] / 1000:.1f} ms, p99 {wake['p99'] / 1000:.1f} ms"
    elif sample["bench"] == "allocations":
        text += f"{sample['per_request']:.3f} per GET, {sample['per_park']:.3f} per park"
    else:
        text += f"{sample['per_second']:,.0f}/s, CPU {sample.get('cpu_us', 0):.2f} us, p99 {p99(sample):.0f} us"
    return text + (f", {sample['errors']} ERRORS" if sample["errors"] else "")


def start_line(start: dict) -> str:
    return f"{'start':<12}" + (start.get("missing") or f"median {start['median']:.2f} s")


def table(head: list[str], rows: list[list[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in lines)


def _ratio(found: tuple[float, float] | None) -> str:
    return "-" if found is None else f"{found[0]:.2f}"


def _get_table(results: dict, bench: str) -> str:
    rows = []
    for name, label in results["peers"].items():
        if not taken(results, bench, name):
            continue
        spent, rate = values(results, bench, name, cpu), values(results, bench, name, per_second)
        half = values(results, bench, name, lambda sample: sample["latency_us"]["p50"])
        tail = values(results, bench, name, p99)
        busy = max(values(results, bench, name, lambda sample: sample["core_share"]))
        rows.append([label, f"{max(rate):,.0f}", f"{min(spent):.2f}", f"{statistics.median(spent):.2f}",
                     _ratio(ratios(results, bench, name, cpu)), f"{min(half):,.0f}", f"{min(tail):,.0f}",
                     _ratio(ratios(results, bench, name, p99)), f"{100 * busy:.0f} %"])
    return table(["server", "req/s", "CPU us/req", "median", "Faultplane's CPU / its", "p50 us", "p99 us",
                   "Faultplane's p99 / its", "core busy"], rows)


def _park_table(results: dict) -> str:
    rows = []
    for name, label in results["peers"].items():
        samples = taken(results, "park", name)
        if not samples:
            continue

        def wake(key: str) -> str:
            return f"{statistics.median(sample['wake_us'][key] for sample in samples) / 1000:.1f}"

        others = statistics.median(sample["other_us"]["p99"] for sample in samples) / 1000
        quiet = statistics.median(sample["quiet_other_us"]["p99"] for sample in samples) / 1000
        rows.append([label, f"{targets.parked_kib(results, name):.2f}", wake("min"), wake("p50"), wake("p99"),
                     wake("max"), str(sum(sample["error_kinds"]["lost"] for sample in samples)),
                     f"{others:.1f}", f"{quiet:.1f}"])
    return table(["server", "KiB each", "first ms", "p50 ms", "p99 ms", "max ms", "lost", "others' p99 ms",
                   "others' p99 before it"], rows)


def _allocation_table(results: dict) -> str:
    rows = [[results["peers"][name], f"{sample['per_request']:.3f}", f"{sample['per_park']:.3f}"]
            for name in results["peers"] for sample in taken(results, "allocations", name)]
    return table(["server", "per GET", "per parked and woken request"], rows)


def _start_text(start: dict) -> str:
    times = ", ".join(f"{one['answered']:.2f}" for one in start["starts"])
    return (f"Start to first answer, embedded database present: {times} s. "
            f"Binary: {start['binary_bytes'] / 1e6:.1f} MB, needs {len(start['libraries'])} shared libraries.")


def _machine(results: dict) -> str:
    m, plan = results["machine"], results["plan"]
    versions = ", ".join(f"{name} {m[name]}" for name in ("nginx", "haproxy") if m[name])
    pinned = "server and load on a core each" if results["pinned"] else "server and load on the same core"
    return (f"Measured {m['date']}: {m['cpu']}, {m['cores']} cores, Linux {m['kernel']}, {m['system']}, {versions}; "
            f"{pinned}; {plan['rounds']} interleaved rounds of {plan['seconds']:g} s; "
            f"load average before: {m['load_average']:g}.")


def tables(results: dict) -> str:
    plan, present = results["plan"], {sample["bench"] for sample in results["samples"]}
    parts = [_machine(results)]
    parts += [f"Left out: {why}." for why in results["missing"].values()]
    parts += ["### Targets", table(["what", "target", "measured", ""],
                                    [[row["name"], row["target"], row["measured"], row["verdict"]]
                                     for row in results["targets"]])]
    for bench, title in [("closed", f"GET of 300 bytes, {plan['connections']} connections, one server core"),
                         ("pipelined", f"The same, pipelined {plan['depth']} deep"),
                         ("paced", f"The same at a fixed {plan['rate']:,} requests per second")]:
        if bench in present:
            parts += [f"### {title}", _get_table(results, bench)]
    if "park" in present:
        parts += [f"### {plan['parked']:,} parked long polls, woken by one request", _park_table(results)]
    if "allocations" in present:
        parts += ["### Allocations", _allocation_table(results)]
    if "starts" in results.get("start", {}):
        parts += ["### Start", _start_text(results["start"])]
    return "\n\n".join(parts)


def write_page(page: Path, text: str, begin: str = BEGIN, end: str = END) -> None:
    """Replaces what stands between the markers and keeps everything else."""
    before, found, rest = (page.read_text() if page.exists() else NEW_PAGE).partition(begin)
    _, found_end, after = rest.partition(end)
    if not found or not found_end:
        raise ValueError(f"{page} has no '{begin}' and '{end}'")
    page.parent.mkdir(parents=True, exist_ok=True)
    page.write_text(f"{before}{begin}\n\n{text}\n\n{end}{after}")
