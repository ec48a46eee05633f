#!/usr/bin/env python3
"""`serve`, as far as the measurement of delivery needs it, without a database; $FAULT makes it bad."""

import asyncio
import itertools
import json
import os
import re
import sys
import urllib.parse
from pathlib import Path

FAULT = os.environ.get("FAULT")
EPOCH = 2 ** 32
TARGET = "arn:aws:lambda:us-east-1:000000000000:function:"
NUMBERS = itertools.count(1)


class Book:
    """All there is to know, kept in a file so that a server that is killed finds it again."""

    def __init__(self, data: Path):
        self.file = data / "book.json"
        data.mkdir(parents=True, exist_ok=True)
        (data / "credentials").write_text("[default]\naws_access_key_id = FPADMIN\naws_secret_access_key = secret\n")
        self.kept = {"epoch": 1, "changes": {}, "faults": {}, "engaged": False}
        if self.file.exists():
            self.kept = json.loads(self.file.read_text())
        self.templates, self.runs, self.registered = {}, {}, []
        self.known, self.confirmed, self.parked = set(), set(), 0
        self.news = asyncio.Condition()

    def version(self, target: str) -> int:
        return self.kept["epoch"] * EPOCH + self.kept["changes"].get(target, 0)

    async def change(self, targets: list[str], fault: dict | None) -> None:
        for target in targets:
            self.kept["changes"][target] = self.kept["changes"].get(target, 0) + 1
            self.kept["faults"].pop(target, None)
            if fault:
                self.kept["faults"][target] = fault
        await self.tell()

    async def tell(self) -> None:
        self.file.write_text(json.dumps(self.kept))
        async with self.news:
            self.news.notify_all()

    async def poll(self, path: str, named: int) -> tuple[int, dict, bytes]:
        name, instance = re.search(r"/faults/([^?]+)\?instance=([^&]+)", path).groups()
        target = TARGET + name
        if named >= self.kept["epoch"] * EPOCH:
            self.confirmed.add(instance)
        deaf = FAULT == "deaf" and instance == "i-00000007"
        if named == self.version(target) and "wait=" in path:
            self.parked += 1
            async with self.news:
                await self.news.wait_for(lambda: self.version(target) != named and not deaf)
            self.parked -= 1
            if FAULT == "lower" and instance == "i-00000003":
                return 200, {"ETag": f'"{named - 1}"'}, b"{}"
        version = self.version(target)
        fault = None if self.kept["engaged"] else self.kept["faults"].get(target)
        if fault:
            self.known.add(instance)
        headers = {"Content-Type": "application/json", "ETag": f'"{version}"', "Faultplane-Next-Poll": "0.000000000"}
        if version == named:
            return 304, headers, b""
        document = {"target": target, "version": version, "faults": [fault] if fault else []}
        return 200, headers, json.dumps(document, separators=(",", ":")).encode()

    def parameters(self, asked: dict) -> bytes:
        """What boto3 is told of chaos_lambda's parameters."""
        found = []
        for name in asked["Names"]:
            fault = self.kept["faults"].get(TARGET + name.rpartition("/")[2])
            value = {"is_enabled": False}
            if fault:
                value = {"is_enabled": True, "fault_type": "latency", "delay": 400, "rate": 0.5 if FAULT == "rate" else 1}
            if FAULT == "stuck" and name.endswith("-00000042"):
                value = {"is_enabled": True}
            found.append({"Name": name, "Value": json.dumps(value, separators=(",", ":"))})
        return json.dumps({"Parameters": found, "InvalidParameters": []}).encode()

    def proof(self) -> bytes:
        instances = {"known": len(self.known), "confirmed": len(self.known & self.confirmed), "off": 0}
        proof = {"engagementId": f"ENG{self.kept['epoch']}" if self.kept["engaged"] else None, "instances": instances}
        return json.dumps({} if FAULT == "silent" else proof).encode()

    async def answer(self, method: str, path: str, body: dict) -> bytes:
        state = "engaged" if self.kept["engaged"] else "disengaged"
        match method, path.split("/")[1:]:
            case "POST", ["v1", "keys"]:
                return b'{"bearer": "FPAGENT.secret"}'
            case "PUT", ["v1", "targets", target]:
                self.registered.append(urllib.parse.unquote(target))
                return b"{}"
            case "POST", ["" | "t", *_]:
                return self.parameters(body)
            case "POST", ["experimentTemplates"]:
                self.templates[f"EXT{len(self.templates)}"] = body["targets"]["Functions"].get("resourceArns", self.registered)
                return json.dumps({"experimentTemplate": {"id": f"EXT{len(self.templates) - 1}"}}).encode()
            case "POST", ["experiments"]:
                run = f"EXP{next(NUMBERS)}"
                self.runs[run] = self.templates[body["experimentTemplateId"]]
                await self.change(self.runs[run], {"experimentId": run, "actionId": "aws:lambda:invocation-add-delay"})
                return json.dumps({"experiment": {"id": run}}).encode()
            case "GET", ["experiments", _]:
                return b'{"experiment": {"actions": {"Fail": {"state": {"status": "running"}}}}}'
            case "DELETE", ["experiments", run]:
                await self.change(self.runs[run], None)
                return b"{}"
            case "POST", ["emergency-stop"]:
                self.kept |= {"epoch": self.kept["epoch"] + 1, "engaged": True, "faults": {}}
                self.confirmed = set()
                await self.tell()
                return b"{}"
            case "GET", ["emergency-stop"]:
                return self.proof()
            case "GET", ["safetyLevers", "default"]:
                return json.dumps({"safetyLever": {"state": {"status": state}}}).encode()
            case "PATCH", ["safetyLevers", "default", "state"]:
                self.kept["engaged"], self.known = False, set()
                return b"{}"
            case "GET", ["metrics"]:
                return f'faultplane_requests_parked{{loop="0"}} {self.parked}\nfaultplane_database_lent_total 7\n'.encode()
        raise ValueError(f"{method} {path}")

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode()
                method, path, _ = head.split("\r\n")[0].split()
                values = {name.lower(): value for name, value in re.findall(r"^([\w-]+): (.*)\r$", head, re.MULTILINE)}
                body = await reader.readexactly(int(values.get("content-length", 0)))
                known = "Bearer FPADMIN." if path == "/v1/keys" else ("Bearer FP", "AWS4-HMAC-SHA256 Credential=")
                assert values["authorization"].startswith(known)
                if path.startswith("/v1/faults/"):
                    status, headers, text = await self.poll(path, int(values.get("if-none-match", '"0"').strip('"')))
                else:
                    status, headers, text = 200, {}, await self.answer(method, path, json.loads(body or b"{}"))
                if status == 200:
                    headers["Content-Length"] = str(len(text))
                lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
                writer.write(f"HTTP/1.1 {status} Said\r\n{lines}\r\n".encode() + text)
                if values.get("connection") == "close":
                    break
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        writer.close()


async def main() -> None:
    book = Book(Path(sys.argv[sys.argv.index("--data-dir") + 1]))
    server = await asyncio.start_server(book.serve, "127.0.0.1", 0, backlog=4096)
    print(f"listening on http://127.0.0.1:{server.sockets[0].getsockname()[1]}", flush=True)
    await server.serve_forever()


assert sys.argv[1] == "serve" and "--listen" in sys.argv
asyncio.run(main())
