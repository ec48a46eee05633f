"""The whole of run.py, quick, with the bare server standing in for the one under test."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import DOCUMENT, REPOSITORY
from harness import build, startup
from harness.processes import Server, ServerFailed

SERVE = Path(__file__).with_name("fake_serve.py")


def run(tools: Path, document: Path, *more: str) -> subprocess.CompletedProcess:
    subject = f"{build.bare_server(tools)} --document {document}"
    return subprocess.run([sys.executable, REPOSITORY / "Benchmarks" / "run.py", "--quick", "--subject", subject, *more],
                          capture_output=True, text=True, timeout=60)


def alive(pid: int) -> bool:
    """A killed orphan may still stand in the table until it is reaped."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except (FileNotFoundError, ProcessLookupError):
        return False


def test_a_quick_run_measures_and_reports(tools, tmp_path):
    document, raw = tmp_path / "document", tmp_path / "results" / "raw.json"
    document.write_bytes(DOCUMENT.replace(b"checkout", b"checkin!"))
    done = run(tools, document, "--only", "closed,faultplane,nginx-inline", "--results", str(raw),
               "--page", str(tmp_path / "page.md"))
    assert (done.returncode, "ERRORS" in done.stderr) == (0, False), done.stderr
    found = json.loads(raw.read_text())
    assert [(s["peer"], s["round"]) for s in found["samples"]] == [
        ("faultplane", 0), ("nginx-inline", 0), ("nginx-inline", 1), ("faultplane", 1)]
    assert all(0.5 < sample["cpu_us"] < 1000 for sample in found["samples"])
    assert "| Faultplane, whole server |" in done.stdout and "| nginx inline `return 200` |" in done.stdout
    assert not (tmp_path / "page.md").exists()  # a quick run is no measurement


def test_a_document_of_another_size_is_refused(tools, tmp_path):
    document = tmp_path / "document"
    document.write_bytes(DOCUMENT[:-1])
    done = run(tools, document, "--only", "closed,faultplane")
    assert done.returncode == 1
    assert "faultplane answers 200 with 299 bytes, wanted 200 with 300" in done.stderr


def test_an_unknown_name_is_refused(tools, tmp_path):
    done = run(tools, tmp_path / "none", "--only", "apache")
    assert done.returncode != 0 and "no bench or peer is called apache" in done.stderr


def test_a_stopped_server_takes_its_children_along(tmp_path):
    server = Server(["sh", "-c", "trap '' TERM; sleep 100 & echo up; wait; sleep 100"], None, tmp_path / "log")
    assert server.line(5) == "up"
    family = server.pids()
    assert len(family) == 2
    server.stop(0.1)
    assert not any(alive(pid) for pid in family)


def test_start_is_timed_to_the_first_answer(tmp_path):
    found = startup.measured(f"{SERVE}", tmp_path / "data", tmp_path, 2)
    assert len(found["starts"]) == 2
    assert all(0 < one["listening"] < one["answered"] for one in found["starts"])
    assert found["median"] < 10 and found["static_swift"] and found["binary_bytes"] == SERVE.stat().st_size
    assert (tmp_path / "data" / "starts").read_text() == "xxx"  # the first only makes the database


@pytest.mark.parametrize("fault,message", [("unhealthy", "/healthz answers 503"), ("status", "ends with 3"),
                                           ("silent", "no line from the server")])
def test_a_bad_start_is_an_error(tmp_path, fault, message):
    with pytest.raises(ServerFailed, match=message):
        startup.measured(f"env FAULT={fault} {SERVE}", tmp_path / "data", tmp_path, 1)


def test_a_binary_that_is_not_there_is_said(tmp_path):
    assert startup.measured("/none/faultplane", tmp_path, tmp_path, 1) == {"missing": "faultplane is not built"}
