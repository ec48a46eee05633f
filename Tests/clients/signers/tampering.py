"""What may happen to a signed request on its way, and what each must be refused with."""

import re

from capture import Captured

INVALID = "InvalidSignatureException"
INCOMPLETE = "IncompleteSignatureException"


def replaced(request, pattern, replacement):
    head, count = re.subn(pattern, replacement, request.head, count=1)
    return Captured(head, request.body) if count and head != request.head else None


def flipped_digit(match):
    return match[1] + (b"0" if match[2] != b"0" else b"1")


TAMPERINGS = [
    ("signature digit", INVALID, lambda r: replaced(r, rb"(Signature=)(.)", flipped_digit)),
    ("signature cut short", INCOMPLETE, lambda r: replaced(r, rb"(Signature=.{63}).", rb"\1")),
    ("method", INVALID, lambda r: replaced(r, rb"^\w+", b"PATCH")),
    ("path", INVALID, lambda r: replaced(r, rb"^(\w+ /[^? ]*)", rb"\1x")),
    ("path encoded once more", INVALID, lambda r: replaced(r, rb"^(\w+ /[^? ]*)%", rb"\1%25")),
    ("query added to", INVALID, lambda r: replaced(r, rb"^(\w+ [^? ]*)\?", rb"\1?added=1&")),
    ("query given", INVALID, lambda r: replaced(r, rb"^(\w+ [^? ]*) ", rb"\1?added=1 ")),
    ("host", INVALID, lambda r: replaced(r, rb"(?i)(\nhost: ).", rb"\1other.")),
    ("body", INVALID, lambda r: Captured(r.head, r.body + b" ")),
    ("region", INVALID, lambda r: replaced(r, rb"/us-east-1/", b"/us-east-2/")),
    ("service", INVALID, lambda r: replaced(r, rb"/fis/aws4", b"/ssm/aws4")),
    ("day", INVALID, lambda r: replaced(r, rb"(Credential=[^/]*/\d{7})(\d)", flipped_digit)),
    ("time of signing", INVALID, lambda r: replaced(r, rb"(?i)(\nx-amz-date: \d{8}T\d{4})(\d)", flipped_digit)),
    ("header added", INCOMPLETE, lambda r: replaced(r, rb"\r\n", b"\r\nX-Amz-Added: 1\r\n")),
    ("header unsigned", INCOMPLETE, lambda r: replaced(r, rb";x-amz-date", b"")),
    ("host unsigned", INCOMPLETE, lambda r: replaced(r, rb"([=;])host(;|,)", rb"\1")),
    (
        "key of another",
        "UnrecognizedClientException",
        lambda r: replaced(r, rb"Credential=FP.{18}", b"Credential=FPAAAAAAAAAAAAAAAAAA"),
    ),
    (
        "authorization taken away",
        "MissingAuthenticationTokenException",
        lambda r: replaced(r, rb"(?i)\r\nauthorization: [^\r]*", b""),
    ),
]


def tampered(request):
    """(name, expected code, request) for all that can be done to this one."""
    for name, code, change in TAMPERINGS:
        changed = change(request)
        if changed:
            yield name, code, changed
