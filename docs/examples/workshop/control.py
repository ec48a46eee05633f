"""What is asked of Faultplane: by its program where a person would type it, else by its control socket."""

import http.client
import json
import os
import pathlib
import shutil
import socket
import subprocess
import urllib.error
import urllib.request

from trouble import Trouble

REPOSITORY = pathlib.Path(__file__).resolve().parents[3]
FINAL = {"completed", "stopped", "failed", "cancelled"}


class _Socket(http.client.HTTPConnection):
    """HTTP over the control socket, which lets its owner in without a key."""

    def __init__(self, folder: pathlib.Path):
        super().__init__("control", timeout=30)
        self._folder = folder

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self.timeout)
        # By the folder's descriptor: the address of a socket has room for a short path only.
        folder = os.open(self._folder, os.O_PATH)
        try:
            self.sock.connect(f"/proc/self/fd/{folder}/control.sock")
        finally:
            os.close(folder)


class Control:
    def __init__(self, folder: pathlib.Path):
        self.folder = folder
        if not (folder / "control.sock").exists():
            raise Trouble(
                f"there is no server with the data directory {folder}: start one with `make run` in the clone, "
                "or name another directory with --data-dir"
            )
        built = [path for path in REPOSITORY.glob(".build/*/faultplane") if path.is_file()]
        newest = max(built, key=lambda path: path.stat().st_mtime, default=None)
        program = shutil.which("faultplane") or newest
        if not program:
            raise Trouble("there is no program faultplane in PATH, and none was built here: `make run` builds it")
        self._program = str(program)

    def ask(self, method: str, path: str, body: object = None) -> dict:
        connection = _Socket(self.folder)
        try:
            connection.request(method, path, json.dumps(body) if body is not None else None)
            answer = connection.getresponse()
            told = json.loads(answer.read() or b"{}")
        except (OSError, http.client.HTTPException, ValueError) as error:
            socket_path = self.folder / "control.sock"
            raise Trouble(f"no server answers on {socket_path} ({error}): start it, with `make run` in the clone") from error
        finally:
            connection.close()
        if answer.status != 200:
            raise Trouble(f"{method} {path}: {told.get('__type')}: {told.get('message')}")
        return told

    def run(self, *words: str, show: bool = True) -> str:
        """What the program says to these words; they are shown as a person would type them, and so is the answer."""
        print(f"$ faultplane {' '.join(map(_quoted, words))}", flush=True)
        # In a session of its own: Ctrl-C is for us, who then tidy up what this began.
        ended = subprocess.run(
            [self._program, *words, "--data-dir", self.folder],
            stdin=subprocess.DEVNULL, capture_output=True, text=True, start_new_session=True, check=False,
        )
        if ended.returncode != 0:
            raise Trouble(f"faultplane {words[0]} was refused: {(ended.stderr or ended.stdout).strip()}")
        if show:
            print(ended.stdout + ended.stderr, end="", flush=True)
        return ended.stdout

    def state(self, run: str) -> tuple[str, str, str]:
        """The run's state, its reason, and the step that is on; without one the last is empty."""
        experiment = self.ask("GET", f"/experiments/{run}")["experiment"]
        steps = [name for name, action in experiment["actions"].items() if action["state"]["status"] == "running"]
        return experiment["state"]["status"], experiment["state"]["reason"], " ".join(steps)


def _quoted(word: str) -> str:
    return f"'{word}'" if " " in word or "*" in word else word


def first_read(endpoint: str, address: str, name: str) -> str:
    """What the parameter says at the endpoint that the function will ask; `address` is the same without the secret."""
    request = urllib.request.Request(
        endpoint,
        json.dumps({"Names": [name]}).encode(),
        {"X-Amz-Target": "AmazonSSM.GetParameters", "Content-Type": "application/x-amz-json-1.1"},
    )
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    hint = "say where the server listens with --url, as it said itself when it started"
    try:
        with direct.open(request, timeout=5) as answer:
            [parameter] = json.load(answer)["Parameters"]
            told = json.loads(parameter["Value"])
    except (urllib.error.URLError, TimeoutError, OSError) as error:
        raise Trouble(f"no parameter can be read at {address}: {error}; {hint}") from error
    except (KeyError, ValueError, TypeError) as error:
        raise Trouble(f"what answers at {address} is not Faultplane ({error}); {hint}") from error
    if "faultplane" in told:
        raise Trouble(f"the server at {address} says: {told['faultplane']} Is it the one of this data directory? If not, {hint}")
    return parameter["Value"]
