"""Reads parameters one by one, with the call that chaos_lambda makes and whatever the environment says to boto3.

Prints what they hold, null for those that there are not, and the requests as they went over the wire.
"""

import http.client
import json
import sys

import boto3

sent: list[bytes] = []
send = http.client.HTTPConnection.send


def noted(connection: http.client.HTTPConnection, data: bytes) -> None:
    sent.append(data)
    send(connection, data)


http.client.HTTPConnection.send = noted
client = boto3.client("ssm")
values, requests = {}, []
for name in sys.argv[1:]:
    sent.clear()
    found = client.get_parameters(Names=[name], WithDecryption=True)["Parameters"]
    values[name] = found[0]["Value"] if found else None
    requests.append(b"".join(sent).decode())
print(json.dumps({"values": values, "requests": requests}))
