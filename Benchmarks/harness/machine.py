"""What a reader needs to know of the machine, and nothing that names it."""

import datetime
import os
import platform
import re
import subprocess
from pathlib import Path


def _version(command: list[str], pattern: str) -> str | None:
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=10)
    except FileNotFoundError:
        return None
    match = re.search(pattern, done.stdout + done.stderr)
    return match.group(1) if match else None


def describe() -> dict:
    model = re.search(r"^model name\s*: (.+)$", Path("/proc/cpuinfo").read_text(), re.MULTILINE)
    release = re.search(r'^PRETTY_NAME="(.+)"$', Path("/etc/os-release").read_text(), re.MULTILINE)
    return {
        "date": datetime.date.today().isoformat(),
        "cpu": model.group(1) if model else platform.machine(),
        "cores": len(os.sched_getaffinity(0)),
        "kernel": re.match(r"[\d.]+", platform.release()).group(0),
        "system": release.group(1) if release else platform.system(),
        "nginx": _version(["/usr/sbin/nginx", "-v"], r"nginx/([\d.]+)"),
        "haproxy": _version(["/usr/sbin/haproxy", "-v"], r"version ([\d.]+)"),
        "load_average": round(os.getloadavg()[0], 2),
    }
