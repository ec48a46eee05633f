"""A proxy before a source that does to it what happens to sources: it answers late, never, wrongly, or is not there."""

import asyncio
import contextlib
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import messages
from messages import Message
from relay import Pair, Relay, call

# A name that the domain name system promises never to know.
NOWHERE = "gone.invalid"


@dataclass(frozen=True)
class Exchange:
    """One request on its way."""

    request: Message
    # How often the same was asked before.
    turn: int
    # Passes it on, and gives what the source answers.
    ask: Callable[[], Awaitable[Message]]


# What becomes of a request: the bytes of the answer, after which the connection goes on if it says so.
Behaviour = Callable[[Exchange], Awaitable[tuple[bytes, bool]]]


async def late(seconds: float) -> None:
    """Lets time go by: to be late is what is asked for here."""
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(asyncio.Event().wait(), seconds)


async def sound(exchange: Exchange) -> tuple[bytes, bool]:
    return (await exchange.ask()).bytes, True


def slow(seconds: float) -> Behaviour:
    """The source's own answer, so much later."""

    async def behave(exchange: Exchange) -> tuple[bytes, bool]:
        answered = await exchange.ask()
        await late(seconds)
        return answered.bytes, True

    return behave


async def hung(exchange: Exchange) -> tuple[bytes, bool]:
    """It takes the request, and no answer ever comes."""
    await asyncio.Event().wait()
    raise AssertionError("nobody sets this event")


async def failing(exchange: Exchange) -> tuple[bytes, bool]:
    return messages.answer(500, "Internal Server Error", b"it fell over\n", "Content-Type: text/plain").bytes, True


async def garbage(exchange: Exchange) -> tuple[bytes, bool]:
    """Not even HTTP."""
    return bytes(range(128, 256)) + b"\x00\r\n\r\n\x1b[2Jgarbage", False


async def nonsense(exchange: Exchange) -> tuple[bytes, bool]:
    """HTTP and a success, and in it nothing that can be read."""
    return messages.answer(200, "OK", b"<html>\xff\x00 Welcome! {", "Content-Type: application/json").bytes, True


def stale(seconds: float) -> Behaviour:
    """What the source answered so long ago, as something in between that kept it would say it again."""

    async def behave(exchange: Exchange) -> tuple[bytes, bool]:
        return messages.aged(await exchange.ask(), seconds).bytes, True

    return behave


async def expired(exchange: Exchange) -> tuple[bytes, bool]:
    """As AWS refuses a token whose time is over, which moto's never is."""
    body = (b'<ErrorResponse xmlns="http://monitoring.amazonaws.com/doc/2010-08-01/"><Error><Type>Sender</Type><Code>ExpiredToken'
            b"</Code><Message>The security token included in the request is expired</Message></Error></ErrorResponse>")
    return messages.answer(403, "Forbidden", body, "Content-Type: text/xml").bytes, True


async def throttled(exchange: Exchange) -> tuple[bytes, bool]:
    """As AWS refuses who asks too often."""
    body = (b'<ErrorResponse xmlns="http://monitoring.amazonaws.com/doc/2010-08-01/"><Error><Type>Sender</Type><Code>Throttling'
            b"</Code><Message>Rate exceeded</Message></Error></ErrorResponse>")
    return messages.answer(400, "Bad Request", body, "Content-Type: text/xml").bytes, True


async def moved(exchange: Exchange) -> tuple[bytes, bool]:
    """It is elsewhere, says the answer, under a name that nobody knows."""
    path = exchange.request.first.split(b" ")[1].decode()
    return messages.answer(307, "Temporary Redirect", b"", f"Location: http://{NOWHERE}{path}").bytes, True


def flapping(bad: Behaviour) -> Behaviour:
    """Every other answer to the same question is a bad one."""

    async def behave(exchange: Exchange) -> tuple[bytes, bool]:
        return await (bad if exchange.turn % 2 else sound)(exchange)

    return behave


def noisy(chance: random.Random, longest: float, failures: float) -> Behaviour:
    """As a healthy source on a bad day: any time up to the longest, and one in so many answers fails."""

    async def behave(exchange: Exchange) -> tuple[bytes, bool]:
        await late(chance.uniform(0, longest))
        return await (failing if chance.random() < failures else sound)(exchange)

    return behave


class Faulty(Relay):
    """Stands before one port, and behaves as it is told; at first as if it were not there."""

    def __init__(self, to: int):
        self.to = to
        self.behaviour: Behaviour = sound
        self.asked: dict[tuple[bytes, bytes], int] = {}
        super().__init__()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def behave(self, behaviour: Behaviour) -> None:
        """For all requests that are answered from now on; what hangs already goes on hanging."""
        self.behaviour = behaviour

    def refuse(self) -> None:
        """When it returns nobody listens on the port any more, and no connection is left."""
        call(self._refuse())

    async def _refuse(self) -> None:
        self._server.close()
        for pair in list(self.pairs):
            pair.close()

    def count(self) -> int:
        """How many requests there were."""
        return sum(self.asked.values())

    async def serve(self, pair: Pair, reader: asyncio.StreamReader) -> None:
        upstream: list[asyncio.StreamReader] = []
        try:
            while (request := await messages.read(reader, is_answer=False)) is not None:
                turn = self.asked.get(request.question, 0)
                self.asked[request.question] = turn + 1
                exchange = Exchange(request, turn, lambda request=request: self._pass_on(pair, upstream, request))
                answered, goes_on = await self.behaviour(exchange)
                pair.client.write(answered)
                await pair.client.drain()
                if not goes_on:
                    pair.client.close()
                    await pair.client.wait_closed()
                    return
        except (OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            return

    async def _pass_on(self, pair: Pair, upstream: list[asyncio.StreamReader], request: Message) -> Message:
        for _ in range(2):
            if not upstream:
                answers, pair.server = await asyncio.open_connection("127.0.0.1", self.to)
                upstream.append(answers)
            try:
                pair.server.write(request.bytes)
                await pair.server.drain()
                answered = await messages.read(upstream[0], is_answer=True)
            except (ConnectionError, asyncio.IncompleteReadError):
                answered = None
            if answered is not None:
                if (answered.header("connection") or "").lower() == "close" or answered.first.startswith(b"HTTP/1.0"):
                    pair.server.close()
                    upstream.clear()
                return answered
            # It had closed the connection meanwhile, as servers may.
            upstream.clear()
        raise ConnectionResetError("the source answers nothing")
