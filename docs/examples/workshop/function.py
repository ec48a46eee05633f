"""A function with the chaos_lambda decorator, behind a local address that answers as a Lambda function URL does.

usage: CHAOS_PARAM=NAME AWS_ENDPOINT_URL_SSM=URL python3 function.py [PORT]

Wants `pip install chaos_lambda 'ssm-cache<3' boto3`. Without PORT it takes a free one, and says which.
With --attached it ends when its standard input does, so that it cannot outlive who started it.
"""

import json
import os
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from chaos_lambda import inject_fault


@inject_fault
def handler(event, context):
    return {"statusCode": 200, "headers": {"content-type": "text/plain"}, "body": "Thank you for your order"}


def invoked(path):
    """Status, headers and body of one invocation."""
    try:
        answer = handler({"rawPath": path}, None)
    except Exception as error:
        # A function URL answers 502 and keeps the rest to itself; what went wrong is what one wants to see here.
        body = json.dumps({"errorType": type(error).__name__, "errorMessage": str(error)})
        return 502, {"content-type": "application/json"}, body
    return answer["statusCode"], answer.get("headers", {}), answer.get("body", "")


class FunctionURL(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        status, headers, body = invoked(self.path)
        sent = body.encode()
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("content-length", str(len(sent)))
        self.end_headers()
        self.wfile.write(sent)

    def log_message(self, *_):
        pass


def end_with_standard_input():
    sys.stdin.buffer.read()
    os._exit(0)


def main(arguments):
    if "--attached" in arguments:
        arguments.remove("--attached")
        threading.Thread(target=end_with_standard_input, daemon=True).start()
    server = ThreadingHTTPServer(("127.0.0.1", int(arguments[0]) if arguments else 0), FunctionURL)
    print(f"listening on http://127.0.0.1:{server.server_port}", flush=True)
    server.serve_forever()


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except KeyboardInterrupt:
        sys.exit(130)
