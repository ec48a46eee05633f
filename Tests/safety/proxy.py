"""A TCP proxy that loses what it is told to lose: one line of a network, which a test cuts and mends."""

import asyncio
import enum

from relay import Pair, Relay, call


class Line(enum.Enum):
    """What becomes of bytes. A cut line loses them without a word: connections stay open, and new ones are accepted."""

    whole = "whole"
    cut = "cut"
    requests_lost = "requests lost"
    answers_lost = "answers lost"


class Proxy(Relay):
    """Passes connections on to one port."""

    def __init__(self, to: int):
        self.to = to
        self.line = Line.whole
        self.mended = asyncio.Event()
        super().__init__()

    async def serve(self, pair: Pair, reader: asyncio.StreamReader) -> None:
        try:
            await self.join(pair, reader, self.to, lambda _: self._passes(pair, Line.requests_lost),
                            lambda _: self._passes(pair, Line.answers_lost))
        except OSError:
            return
        # The end of a connection does not get through a cut line either.
        if pair.has_lost:
            await self.mended.wait()

    def _passes(self, pair: Pair, loses: Line) -> bool:
        if self.line in (Line.cut, loses):
            pair.has_lost = True
            return False
        return True

    def set(self, line: Line) -> None:
        """When it returns, nothing more passes that must not; mending closes what has lost something."""
        call(self._set(line))

    async def _set(self, line: Line) -> None:
        self.line = line
        if line is Line.whole:
            self.mended.set()
            self.mended = asyncio.Event()
            for pair in [pair for pair in self.pairs if pair.has_lost]:
                pair.close()
