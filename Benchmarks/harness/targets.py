"""The bounds Faultplane sets itself, and an honest verdict on each: a miss is shown, never an error."""

import statistics
from collections.abc import Callable

from .peers import SUBJECT

CPU_OF_NGINX_FILE = 0.85
CPU_OF_NGINX_INLINE = 1.0
P99_OF_NGINX = 1.5
PIPELINED = 500_000
PARKED_KIB = 2.0
WAKE_P99_MS = 150
OTHERS_SHARE = 0.25  # what others wait at p99, as a share of the broadcast's length: near 1 when it is not sliced
ALLOCATIONS = 0.01   # per request, so none but those of opening the connections
START_SECONDS = 1.5

Value = Callable[[dict], float]


def cpu(sample: dict) -> float:
    return sample["cpu_us"]


def per_second(sample: dict) -> float:
    return sample["per_second"]


def p99(sample: dict) -> float:
    return sample["latency_us"]["p99"]


def wake_p99_ms(sample: dict) -> float:
    return sample["wake_us"]["p99"] / 1000


def others_share(sample: dict) -> float:
    return sample["other_us"]["p99"] / sample["wake_us"]["max"]


def taken(results: dict, bench: str, peer: str) -> list[dict]:
    return [s for s in results["samples"] if s["bench"] == bench and s["peer"] == peer and s["requests"] > 0]


def values(results: dict, bench: str, peer: str, value: Value) -> list[float]:
    return [value(sample) for sample in taken(results, bench, peer)]


def ratios(results: dict, bench: str, peer: str, value: Value) -> tuple[float, float] | None:
    """Faultplane's value over the peer's: the median of the rounds' own ratios, and best over best."""
    ours = {s["round"]: value(s) for s in taken(results, bench, SUBJECT)}
    theirs = {s["round"]: value(s) for s in taken(results, bench, peer)}
    paired = [ours[turn] / theirs[turn] for turn in ours if turn in theirs]
    if not paired:
        return None
    return statistics.median(paired), min(ours.values()) / min(theirs.values())


def parked_kib(results: dict, peer: str) -> float | None:
    """Process memory of one parked request: the most while parked, less the least before any was."""
    samples = taken(results, "park", peer)
    if not samples:
        return None
    empty = min(sample["empty"]["pss_kib"] for sample in samples)
    most = max(turn["pss_kib"] for sample in samples for turn in sample["rounds"])
    return (most - empty) / samples[0]["connections"]


def row(name: str, target: str, measured: str | None, met: bool | None, why: str = "not measured") -> dict:
    verdict = "not measured" if met is None else "pass" if met else "MISS"
    return {"name": name, "target": target, "measured": why if measured is None else measured, "verdict": verdict}


def _ratio_row(results: dict, name: str, bench: str, peer: str, value: Value, bound: float) -> dict:
    found = ratios(results, bench, peer, value)
    text = found and f"{found[0]:.2f} (best over best {found[1]:.2f})"
    return row(name, f"at most {bound:.2f}", text, found and found[0] <= bound)


def _get_rows(results: dict) -> list[dict]:
    pipelined = values(results, "pipelined", SUBJECT, per_second)
    fastest = max(pipelined, default=None)
    return [
        _ratio_row(results, "CPU per request / nginx static file, as Debian sets it", "closed", "nginx-file", cpu,
                   CPU_OF_NGINX_FILE),
        _ratio_row(results, "CPU per request / nginx static file, sendfile off", "closed", "nginx-file-plain", cpu,
                   CPU_OF_NGINX_FILE),
        _ratio_row(results, "CPU per request / nginx inline", "closed", "nginx-inline", cpu, CPU_OF_NGINX_INLINE),
        _ratio_row(results, "p99 at a fixed rate / nginx static file", "paced", "nginx-file", p99, P99_OF_NGINX),
        _ratio_row(results, "p99 at a fixed rate / nginx inline", "paced", "nginx-inline", p99, P99_OF_NGINX),
        row("Pipelined, requests per second", f"at least {PIPELINED:,}", fastest and f"{fastest:,.0f}",
            fastest and fastest >= PIPELINED),
    ]


def _park_rows(results: dict) -> list[dict]:
    samples = taken(results, "park", SUBJECT)
    if not samples:
        return [row(name, target, None, None) for name, target in [
            ("Process memory per parked request", f"under {PARKED_KIB:g} KiB"),
            ("Waking all, p99", f"under {WAKE_P99_MS} ms"), ("Waking all, lost", "0"),
            ("Others' p99 during it / its length", f"at most {OTHERS_SHARE:g}")]]
    kib = parked_kib(results, SUBJECT)
    wake = [wake_p99_ms(sample) for sample in samples]
    lost = sum(sample["error_kinds"]["lost"] for sample in samples)
    share = statistics.median(others_share(sample) for sample in samples)
    return [
        row("Process memory per parked request", f"under {PARKED_KIB:g} KiB", f"{kib:.2f} KiB", kib < PARKED_KIB),
        row("Waking all, p99", f"under {WAKE_P99_MS} ms",
            f"{statistics.median(wake):.0f} ms (best {min(wake):.0f} ms)", statistics.median(wake) < WAKE_P99_MS),
        row("Waking all, lost", "0", str(lost), lost == 0),
        row("Others' p99 during it / its length", f"at most {OTHERS_SHARE:g}", f"{share:.3f}", share <= OTHERS_SHARE),
    ]


def _allocation_rows(results: dict) -> list[dict]:
    rows = []
    for name, key in [("Allocations per GET", "per_request"), ("Allocations per parked and woken request", "per_park")]:
        found = max((sample[key] for sample in taken(results, "allocations", SUBJECT)), default=None)
        rows.append(row(name, "0", None if found is None else f"{found:.3f}",
                        None if found is None else found < ALLOCATIONS))
    return rows


def _start_rows(results: dict) -> list[dict]:
    start = results.get("start", {})
    if "median" not in start:
        return [row("Start to first answer", f"under {START_SECONDS:g} s", None, None)]
    return [
        row("Start to first answer", f"under {START_SECONDS:g} s", f"{start['median']:.2f} s",
            start["median"] < START_SECONDS),
        row("Swift runtime in the binary", "static", "static" if start["static_swift"] else "shared libraries",
            start["static_swift"]),
    ]


def verdicts(results: dict) -> list[dict]:
    return _get_rows(results) + _park_rows(results) + _allocation_rows(results) + _start_rows(results)


def errors(results: dict) -> list[str]:
    """What makes a run fail: wrong or missing answers. A slow time does not."""
    found = []
    for sample in results["samples"]:
        if sample["errors"] > 0 or sample.get("early", 0) > 0:
            kinds = ", ".join(f"{count} {kind}" for kind, count in sample["error_kinds"].items() if count)
            found.append(f"{sample['peer']}, {sample['bench']}, round {sample['round']}: "
                         f"{kinds or 'answered before the wake'}; {sample.get('stderr', '')}".rstrip("; "))
        elif sample["requests"] == 0:
            found.append(f"{sample['peer']}, {sample['bench']}: no answer at all")
    return found
