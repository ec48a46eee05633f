"""Writes requests of real signers as JSON lines, each with the moment it arrives and the verdict it must get.

Usage: vectors.py CREDENTIALS_FILE OUTPUT
"""

import calendar
import configparser
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
# Bodies of more digits go to files of their own, which are quicker to read than one long line.
LONG = 1 << 16


def signed_at(request):
    stamp = request.header("x-amz-date")
    if stamp is None:
        return int(email.utils.parsedate_to_datetime(request.header("date")).timestamp())
    return calendar.timegm(time.strptime(stamp, "%Y%m%dT%H%M%SZ"))


def vector(name, request, expected, now):
    record = {"name": name, "expected": expected, "now": now}
    return record | {"head": request.head.hex(), "body": request.body.hex()}


def variants(name, request):
    now = signed_at(request)
    yield vector(name, request, ACCEPTED, now)
    for offset in (-WINDOW, WINDOW):
        yield vector(f"{name}; {offset:+} s", request, ACCEPTED, now + offset)
    for offset in (-WINDOW - 1, WINDOW + 1):
        yield vector(f"{name}; {offset:+} s", request, INVALID, now + offset)
    for change, code, changed in tampered(request):
        yield vector(f"{name}; tampered: {change}", changed, code, now)


def vectors(credentials_file):
    profile = configparser.ConfigParser()
    profile.read(credentials_file)
    key = SimpleNamespace(
        id=profile["default"]["aws_access_key_id"], secret=profile["default"]["aws_secret_access_key"]
    )
    wrong = SimpleNamespace(id=key.id, secret=key.secret[::-1])
    capture = Capture()

    for source, requests in (
        ("botocore client", botocore_requests.client_calls),
        ("botocore", botocore_requests.bare_requests),
        ("curl", curl_requests.requests),
    ):
        for name, request in requests(capture, key):
            yield from variants(f"{source}: {name}", request)
        name, request = next(requests(capture, wrong))
        yield vector(f"{source}: wrong secret", request, INVALID, signed_at(request))

    for source, request in (
        ("botocore client", botocore_requests.big_template(capture, key)),
        ("curl", curl_requests.big_body(capture, key)),
    ):
        yield vector(f"{source}: 1 MiB", request, ACCEPTED, signed_at(request))
        last = Captured(request.head, request.body[:-1] + b"!")
        yield vector(f"{source}: 1 MiB; tampered: last byte", last, INVALID, signed_at(request))

    for name, request in curl_requests.unsigned_bodies(capture, key):
        yield vector(f"curl: {name}", request, INVALID, signed_at(request))

    request = botocore_requests.from_file(capture, credentials_file)
    yield vector("botocore client: credentials file alone", request, ACCEPTED, signed_at(request))


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    os.environ.update(NO_PROXY="*", no_proxy="*")
    with open(sys.argv[2], "w") as output:
        for number, record in enumerate(vectors(sys.argv[1])):
            if len(record["body"]) > LONG:
                record["bodyFile"] = f"{sys.argv[2]}.{number}"
                with open(record["bodyFile"], "wb") as file:
                    file.write(bytes.fromhex(record.pop("body")))
            output.write(json.dumps(record) + "\n")


if __name__ == "__main__":
    main()
