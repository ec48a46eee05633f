"""Prints requests of real signers as JSON lines, each with the moment it arrives and the verdict it must get.

Usage: vectors.py KEY_ID SECRET [CREDENTIALS_FILE]
"""

import argparse
import calendar
import email.utils
import json
import os
import sys
import time
from types import SimpleNamespace

import curl_requests
from capture import Capture, Captured
from tampering import INVALID, tampered

try:
    import botocore_requests
except ModuleNotFoundError as error:
    sys.exit(f"{sys.executable} has no {error.name}: install botocore for it, or set FAULTPLANE_TEST_PYTHON.")

ACCEPTED = "accepted"
WINDOW = 300


def signed_at(request):
    stamp = request.header("x-amz-date")
    if stamp is None:
        return int(email.utils.parsedate_to_datetime(request.header("date")).timestamp())
    return calendar.timegm(time.strptime(stamp, "%Y%m%dT%H%M%SZ"))


def emit(name, request, expected, now):
    record = {"name": name, "expected": expected, "now": now}
    record |= {"head": request.head.hex(), "body": request.body.hex()}
    print(json.dumps(record))


def emit_variants(name, request):
    now = signed_at(request)
    emit(name, request, ACCEPTED, now)
    for offset in (-WINDOW, WINDOW):
        emit(f"{name}; {offset:+} s", request, ACCEPTED, now + offset)
    for offset in (-WINDOW - 1, WINDOW + 1):
        emit(f"{name}; {offset:+} s", request, INVALID, now + offset)
    for change, code, changed in tampered(request):
        emit(f"{name}; tampered: {change}", changed, code, now)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("key_id")
    parser.add_argument("secret")
    parser.add_argument("credentials_file", nargs="?")
    arguments = parser.parse_args()
    key = SimpleNamespace(id=arguments.key_id, secret=arguments.secret)
    wrong = SimpleNamespace(id=key.id, secret=key.secret[::-1])
    os.environ.update(NO_PROXY="*", no_proxy="*")
    capture = Capture()

    for source, requests in (
        ("botocore client", botocore_requests.client_calls),
        ("botocore", botocore_requests.bare_requests),
        ("curl", curl_requests.requests),
    ):
        for name, request in requests(capture, key):
            emit_variants(f"{source}: {name}", request)
        name, request = next(requests(capture, wrong))
        emit(f"{source}: wrong secret", request, INVALID, signed_at(request))

    for source, request in (
        ("botocore client", botocore_requests.big_template(capture, key)),
        ("curl", curl_requests.big_body(capture, key)),
    ):
        emit(f"{source}: 1 MiB", request, ACCEPTED, signed_at(request))
        last = Captured(request.head, request.body[:-1] + b"!")
        emit(f"{source}: 1 MiB; tampered: last byte", last, INVALID, signed_at(request))

    for name, request in curl_requests.unsigned_bodies(capture, key):
        emit(f"curl: {name}", request, INVALID, signed_at(request))

    if arguments.credentials_file:
        request = botocore_requests.from_file(capture, arguments.credentials_file)
        emit("botocore client: credentials file alone", request, ACCEPTED, signed_at(request))


if __name__ == "__main__":
    main()
