"""The function that is to fail: it answers an order, and leaves a mark for each time its handler was called."""

import os
import pathlib

from chaos_lambda import inject_fault


@inject_fault
def handler(event, context):
    with pathlib.Path(os.environ["CALLS"]).open("ab") as calls:
        calls.write(b".")
    return {"statusCode": 200, "body": event["order"]}
