"""What guards read: a page of COUNT gauges for Prometheus at /metrics, and a health page at every other path."""

import asyncio
import sys

COUNT = int(sys.argv[1])
METRICS = "".join(f'watched{{name="run-{number:08d}"}} 5\n' for number in range(COUNT)).encode()
HEALTH = b'{"checks":{"value":5}}'


def answer(path: str) -> bytes:
    kind, body = ("text/plain; version=0.0.4", METRICS) if path == "/metrics" else ("application/json", HEALTH)
    return f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body


async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while True:
            head = await reader.readuntil(b"\r\n\r\n")
            writer.write(answer(head.split(b" ", 2)[1].decode()))
    except (asyncio.IncompleteReadError, ConnectionError):
        pass
    writer.close()


async def main() -> None:
    server = await asyncio.start_server(serve, "127.0.0.1", 0, backlog=1024)
    print(f"listening on http://127.0.0.1:{server.sockets[0].getsockname()[1]}", flush=True)
    await server.serve_forever()


asyncio.run(main())
