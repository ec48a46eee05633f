"""A function with chaos_lambda's own decorator; a line on its input is an invocation, a line of JSON says how it went.

usage: chaos_reader.py [GUARD], GUARD being a program that is to be run first, as a function would import it
"""

import json
import runpy
import sys
import time

from chaos_lambda import inject_fault
from ssm_cache import SSMParameter

calls = 0


@inject_fault
def handler(event, context):
    global calls
    calls += 1
    return {"statusCode": 200}


def main():
    for guard in sys.argv[1:]:
        runpy.run_path(guard)
    # Made once in the life of an environment, which takes longer than all that is measured here.
    SSMParameter._get_ssm_client()
    print("ready", flush=True)
    for _ in sys.stdin:
        began, before = time.monotonic(), calls
        try:
            handler({}, None)
            error = None
        except Exception as raised:
            error = type(raised).__name__
        went = {"error": error, "seconds": time.monotonic() - began, "calls": calls - before}
        print(json.dumps(went), flush=True)


if __name__ == "__main__":
    main()
