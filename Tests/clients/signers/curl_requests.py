"""Requests signed by the curl of this machine."""

import subprocess
import tempfile

MIB = 1 << 20

CASES = [
    ("a plain path", ["{}/actions"]),
    ("query in falling order", ["{}/experiments?z=1&a=2"]),
    ("encoded path, lower-case hexadecimal", ["{}/tags/arn%3aaws%3afis"]),
    ("encoded path and query in falling order", ["{}/tags/arn%3Aaws%3Afis?tagKeys=b&tagKeys=a"]),
    ("plus for a space", ["-G", "--data-urlencode", "nextToken=a b/\u00e9+", "{}/experiments"]),
    ("dots and double slashes kept", ["--path-as-is", "{}/a/../tags//x"]),
    ("JSON", ["-H", "Content-Type: application/json", "-d", '{"a": "\u4e2d"}', "{}/experiments"]),
    ("form type that is not signed", ["-d", "a=1", "{}/experiments"]),
    ("an empty body", ["-X", "POST", "{}/experiments"]),
    ("DELETE", ["-X", "DELETE", "{}/experiments/EXP1"]),
    ("session token", ["-H", "X-Amz-Security-Token: a/b+c==", "{}/actions"]),
    ("headers listed out of order", ["-H", "X-Amz-Date-Also: a", "{}/actions"]),
    ("a header beyond ASCII", ["-H", "X-Amz-Meta: caf\u00e9", "{}/actions"]),
    ("another region and host", ["-H", "Host: chaos.example:99", "{}/actions"]),
]


def run(capture, key, arguments, service="fis"):
    command = ["curl", "--silent", "--show-error", "--fail", "--noproxy", "*", "--max-time", "30", "--output"]
    command += ["/dev/null", "--aws-sigv4", f"aws:amz:us-east-1:{service}", "--user", f"{key.id}:{key.secret}"]
    command += [argument.replace("{}", capture.endpoint) for argument in arguments]
    return capture.during(lambda: subprocess.run(command, check=True))


def requests(capture, key):
    """(name, captured) for each case."""
    for name, arguments in CASES:
        yield name, run(capture, key, arguments)
    yield "ssm", run(capture, key, ["{}/"], service="ssm")


def big_body(capture, key):
    with tempfile.NamedTemporaryFile() as file:
        file.write(b"x" * MIB)
        file.flush()
        data = ["-H", "Content-Type: application/json", "--data-binary", f"@{file.name}"]
        return run(capture, key, data + ["{}/experimentTemplates"])


def unsigned_bodies(capture, key):
    """(name, captured) for bodies that curl 7.88 sends and signs as if there were none."""
    with tempfile.NamedTemporaryFile() as file:
        file.write(b"x")
        file.flush()
        yield "an uploaded file", run(capture, key, ["-T", file.name, "{}/experiments"])
    yield "a multipart form", run(capture, key, ["-F", "a=b", "{}/experiments"])
