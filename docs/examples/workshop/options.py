"""What can be said to run.py."""

import argparse
import json
import os
import pathlib
import re
import urllib.parse

HERE = pathlib.Path(__file__).resolve().parent


def _is_address(url: str, is_bare: bool) -> bool:
    try:
        parts = urllib.parse.urlsplit(url)
        is_whole = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False
    return is_whole and " " not in url and (not is_bare or parts.path + parts.query in ("", "/"))


def options(description: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--url", default="http://127.0.0.1:8080", help="where the server listens [%(default)s]")
    parser.add_argument("--data-dir", type=pathlib.Path, help="the server's data directory [.faultplane]")
    parser.add_argument("--seconds", type=int, default=5, help="how long each step is, 2 or more [%(default)s]; 60 in a workshop")
    parser.add_argument("--pace", type=float, default=0.5, help="seconds between two calls [%(default)s]")
    parser.add_argument("--function", metavar="URL", help="call this instead of function.py: a function that reads its faults here")
    parser.add_argument("--target", default="checkout", help="the name of the function, with --function [%(default)s]")
    early = parser.add_mutually_exclusive_group()
    early.add_argument("--stop-in", metavar="STEP", help="stop the run in the middle of this step, such as Latency")
    early.add_argument("--halt-in", metavar="STEP", help="pull the emergency stop there; it ends everybody's runs, and stays")
    given = parser.parse_args()
    _check(given, parser.error)
    if given.data_dir is None:
        near = pathlib.Path(os.environ.get("FAULTPLANE_DATA_DIR", ".faultplane"))
        given.data_dir = near if near.exists() else HERE.parents[2] / ".faultplane"
    given.data_dir = given.data_dir.resolve()
    given.url = given.url.rstrip("/")
    return given


def _check(given: argparse.Namespace, refuse) -> None:
    if given.seconds < 2:
        refuse("--seconds: 2 is the least: a step of latency has to hold a call that takes a second")
    if not 0 <= given.pace <= given.seconds / 4:
        refuse(f"--pace: from 0 to {given.seconds / 4}, so that a step of {given.seconds} s sees a few calls")
    if not _is_address(given.url, is_bare=True):
        refuse("--url: http://HOST:PORT is accepted, as the server said it when it started")
    if given.function and not _is_address(given.function, is_bare=False):
        refuse("--function: the URL of a function is accepted, such as http://127.0.0.1:9000")
    if not re.fullmatch(r"[\w-]{1,140}", given.target, re.ASCII):
        refuse("--target: the name of a function is accepted: letters, digits, - and _")
    if given.target != "checkout" and not given.function:
        refuse("--target: function.py is called checkout; --function says where another one is")
    steps = list(json.loads((HERE / "experiment.json").read_text())["actions"])
    if (given.stop_in or given.halt_in or steps[0]) not in steps:
        refuse(f"there is no such step; the steps are {', '.join(steps)}")
