"""boto3 in an interpreter of its own that is told where to read by its environment, as a function is."""

import json
import os
import subprocess
from pathlib import Path

from . import build
from .load import LoadFailed
from .peers import Kind, Peer, Setting, two_lines

# Made up: who reads with a role's credentials is known by the token in the path. A real session token is about as long.
ROLE = {"AWS_ACCESS_KEY_ID": "ASIAEXAMPLE0EXAMPLE0", "AWS_SECRET_ACCESS_KEY": "none", "AWS_SESSION_TOKEN": "IQoJb3JpZ2luX2Vj" * 56}
FUNCTION = {"AWS_REGION": "us-east-1", "AWS_DEFAULT_REGION": "us-east-1", "AWS_EXECUTION_ENV": "AWS_Lambda_python3.11",
            "AWS_LAMBDA_FUNCTION_NAME": "checkout",
            "_X_AMZN_TRACE_ID": "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=0"}
NEEDED = "import boto3, moto.moto_server.werkzeug_app, moto.ssm, waitress; print(moto.__version__)"


def token_url(peer: Peer) -> str:
    return f"{plain_url(peer)}/t/{peer.bearer}"


def plain_url(peer: Peer) -> str:
    return f"http://127.0.0.1:{peer.port}"


def key_of(peer: Peer) -> dict[str, str]:
    """The credentials of a client that signs with a key of ours."""
    identifier, _, secret = peer.bearer.partition(".")
    return {"AWS_ACCESS_KEY_ID": identifier, "AWS_SECRET_ACCESS_KEY": secret}


class Reader:
    """Runs `peers/reader.py`."""

    def __init__(self, python: Path):
        self.python = python

    def _run(self, url: str, names: list[str], credentials: dict[str, str]) -> dict:
        environment = {"PATH": os.environ["PATH"], "AWS_ENDPOINT_URL_SSM": url, **FUNCTION, **credentials}
        done = subprocess.run([self.python, build.BENCHMARKS / "peers" / "reader.py", *names], capture_output=True, text=True,
                              env=environment, timeout=120)
        if done.returncode != 0:
            raise LoadFailed(f"boto3 at {url.partition('/t/')[0]}: {(done.stderr.strip() or 'nothing said').splitlines()[-1]}")
        return json.loads(done.stdout)

    def read(self, url: str, names: list[str], credentials: dict[str, str] | None = None) -> dict[str, dict]:
        """The documents that the parameters hold."""
        values = self._run(url, names, credentials or ROLE)["values"]
        return {name: json.loads(value or "null") for name, value in values.items()}

    def requests(self, url: str, names: list[str], credentials: dict[str, str] | None = None) -> list[bytes]:
        """What goes over the wire for each."""
        return [request.encode() for request in self._run(url, names, credentials or ROLE)["requests"]]

    def moto(self, name: str, value: dict, count: int) -> Kind:
        """moto's SSM in the same interpreter, with so many parameters."""
        done = subprocess.run([self.python, "-c", NEEDED], capture_output=True, text=True, timeout=60)
        text = json.dumps(value, separators=(",", ":"))
        command = [str(self.python), str(build.BENCHMARKS / "peers" / "moto_ssm.py"), name, text, str(count)]

        def start(kind: Kind, setting: Setting) -> Peer:
            return two_lines(kind, command, setting)

        return Kind("moto", f"moto {done.stdout.strip()}, SSM", {"off"}, start,
                    None if done.returncode == 0 else "moto: `scripts/bootstrap.sh bench` installs it")
