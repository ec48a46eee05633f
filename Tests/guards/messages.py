"""HTTP/1.1 messages as bytes: read whole from a stream, and changed on their way."""

import asyncio
import email.utils
import json
import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Message:
    """A request or an answer: its first line, its header lines and its body, without the framing of the transfer."""

    first: bytes
    headers: tuple[bytes, ...]
    body: bytes = b""

    def header(self, name: str) -> str | None:
        for line in self.headers:
            found, _, value = line.partition(b":")
            if found.decode().lower() == name.lower():
                return value.decode().strip()
        return None

    def with_header(self, name: str, value: str) -> "Message":
        kept = tuple(line for line in self.headers if line.partition(b":")[0].decode().lower() != name.lower())
        return Message(self.first, (*kept, f"{name}: {value}".encode()), self.body)

    @property
    def bytes(self) -> bytes:
        kept = [line for line in self.headers
                if line.partition(b":")[0].lower() not in (b"content-length", b"transfer-encoding", b"connection", b"expect")]
        length = b"Content-Length: %d" % len(self.body)
        return b"\r\n".join([self.first.replace(b"HTTP/1.0", b"HTTP/1.1"), *kept, length, b"", self.body])

    @property
    def question(self) -> tuple[bytes, bytes]:
        """What makes two requests the same one: when it was signed does not."""
        return self.first, self.body


def answer(status: int, reason: str, body: bytes, *headers: str) -> Message:
    date = f"Date: {email.utils.formatdate(usegmt=True)}"
    return Message(f"HTTP/1.1 {status} {reason}".encode(), tuple(line.encode() for line in (date, *headers)), body)


async def read(stream: asyncio.StreamReader, is_answer: bool) -> Message | None:
    """The next message; None where the stream has ended."""
    try:
        head = await stream.readuntil(b"\r\n\r\n")
    except asyncio.IncompleteReadError:
        return None
    first, *headers = head[:-4].split(b"\r\n")
    message = Message(first, tuple(headers))
    length = message.header("content-length")
    if (message.header("transfer-encoding") or "").lower() == "chunked":
        return Message(first, message.headers, await _chunks(stream))
    if length is not None:
        return Message(first, message.headers, await stream.readexactly(int(length)))
    return Message(first, message.headers, await stream.read()) if is_answer else message


async def _chunks(stream: asyncio.StreamReader) -> bytes:
    body = b""
    while size := int((await stream.readuntil(b"\r\n")).split(b";")[0], 16):
        body += await stream.readexactly(size)
        await stream.readexactly(2)
    await stream.readuntil(b"\r\n")
    return body


_SAMPLE = re.compile(rb'"value":\[([\d.]+),')


def aged(message: Message, seconds: float) -> Message:
    """The same answer as it was given so long ago: with that time's date, and samples of that time."""
    given = email.utils.parsedate_to_datetime(message.header("date")).timestamp()
    old = message.with_header("Date", email.utils.formatdate(given - seconds, usegmt=True))
    body = _SAMPLE.sub(lambda found: b'"value":[%.3f,' % (float(found.group(1)) - seconds), old.body)
    if body != old.body:
        json.loads(body)
    return Message(old.first, old.headers, body)
