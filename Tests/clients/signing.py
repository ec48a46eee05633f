"""Requests signed by botocore's own signer, at whatever time the test says it is."""

import datetime
from unittest import mock

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

TOKEN = "FwoGZXIvYXdzEBYaDK/+token=="


def signed(plane, method, target, body=b"", *, key=None, token=None, offset=0, service="fis", headers=None):
    """The headers of a signed request; `offset` seconds are added to the clock it is signed by."""
    key = key or plane.key
    request = AWSRequest(method, plane.url + target, headers or {}, body)
    at = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=offset)
    with mock.patch("botocore.auth.get_current_datetime", lambda *_, **__: at.replace(tzinfo=None)):
        SigV4Auth(Credentials(key.id, key.secret, token), service, "us-east-1").add_auth(request)
    return dict(request.headers.items())


def ask(plane, method, target, body=b"", **how):
    return plane.ask(method, target, signed(plane, method, target, body, **how), body)
