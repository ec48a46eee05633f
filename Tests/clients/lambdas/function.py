"""A function under chaos_lambda, in the real Lambda runtime or in this process; both are invoked and judged alike."""

import importlib
import os
import pathlib
import subprocess
import sys
import time
from dataclasses import dataclass
from unittest import mock

import boto3
from lambdas.runtime_api import ARN, RuntimeAPI
from ssm_cache import SSMParameter

TASK = pathlib.Path(__file__).parent / "task"
# Such as the role of a function gives it: nobody here has ever seen them.
ROLE = {
    "AWS_ACCESS_KEY_ID": "ASIAQ3EGRIEFCOBALT42",
    "AWS_SECRET_ACCESS_KEY": "nobody/knows/this/secret",
    "AWS_SESSION_TOKEN": "a+session+token==",
}


@dataclass(frozen=True)
class Outcome:
    """What an invocation came to; `calls` counts how often the handler was called for it."""

    payload: object
    error: dict | None
    seconds: float
    calls: int


class _Counted:
    """Invokes, and counts the marks that the handler leaves."""

    def __init__(self, folder: pathlib.Path, parameter: str, endpoint: str):
        self.calls = folder / "calls"
        self.calls.touch()
        self.environment = {
            **ROLE,
            "AWS_REGION": "us-east-1",
            "AWS_DEFAULT_REGION": "us-east-1",
            "AWS_ENDPOINT_URL_SSM": endpoint,
            "AWS_CONFIG_FILE": str(folder / "none"),
            "AWS_SHARED_CREDENTIALS_FILE": str(folder / "none"),
            "AWS_EC2_METADATA_DISABLED": "true",
            # What docs/clients.md tells users of chaos_lambda to set.
            "AWS_MAX_ATTEMPTS": "1",
            "CHAOS_PARAM": parameter,
            "CALLS": str(self.calls),
        }

    def invoke(self) -> Outcome:
        before, began = self.calls.stat().st_size, time.monotonic()
        payload, error = self._invoke({"order": "one book"})
        return Outcome(payload, error, time.monotonic() - began, self.calls.stat().st_size - before)


class RuntimeFunction(_Counted):
    """A process of awslambdaric, as Lambda runs it, which asks our Runtime API for its events."""

    def __init__(self, folder: pathlib.Path, parameter: str, endpoint: str):
        super().__init__(folder, parameter, endpoint)
        self._api = RuntimeAPI()
        self.log = folder / "log"
        environment = {
            **self.environment,
            "AWS_LAMBDA_RUNTIME_API": self._api.address,
            "AWS_LAMBDA_FUNCTION_NAME": ARN.rpartition(":")[2],
            "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
            "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "128",
            "PATH": "/usr/bin:/bin",
            "PYTHONDONTWRITEBYTECODE": "1",
        }
        with self.log.open("wb") as log:
            self._process = subprocess.Popen(
                # It dies with the tests, however they end.
                ["setpriv", "--pdeathsig", "KILL", sys.executable, "-m", "awslambdaric", "app.handler"],
                cwd=TASK, env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log)

    def _invoke(self, event):
        assert self._process.poll() is None, self.log.read_text()
        done = self._api.invoke(event)
        return done.payload, done.error

    def close(self) -> None:
        self._process.kill()
        self._process.wait()
        self._api.close()


class PlainFunction(_Counted):
    """The decorated handler, called in this process with nothing of Lambda around it."""

    def __init__(self, folder: pathlib.Path, parameter: str, endpoint: str):
        super().__init__(folder, parameter, endpoint)
        with mock.patch.object(sys, "path", [str(TASK), *sys.path]):
            self._handler = importlib.import_module("app").handler
        # The library keeps one client for the whole process; each function here has its own.
        self._client = None

    def _invoke(self, event):
        with (
            mock.patch.dict(os.environ, self.environment),
            mock.patch.object(boto3, "DEFAULT_SESSION", None),
            mock.patch.object(SSMParameter, "_ssm_client", self._client),
        ):
            try:
                return self._handler(event, None), None
            except Exception as error:
                return None, {"errorMessage": str(error), "errorType": type(error).__name__}
            finally:
                self._client = SSMParameter._ssm_client

    def close(self) -> None:
        pass


FORMS = {"runtime": RuntimeFunction, "plain": PlainFunction}
