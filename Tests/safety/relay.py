"""One event loop in a thread of its own, and two TCP connections joined: what the proxy and the load balancer are made of."""

import asyncio
import functools
import threading
from collections.abc import Callable

SIZE = 64 * 1024


@functools.cache
def loop() -> asyncio.AbstractEventLoop:
    """The loop of this process's relays; it ends with the process."""
    made = asyncio.new_event_loop()
    threading.Thread(target=made.run_forever, name="relays", daemon=True).start()
    return made


def call(coroutine, seconds: float = 10.0):
    """What a coroutine gives, run on the loop and awaited from another thread."""
    return asyncio.run_coroutine_threadsafe(coroutine, loop()).result(seconds)


class Pair:
    """A client's connection and the one that was opened for it."""

    def __init__(self, client: asyncio.StreamWriter):
        self.client = client
        self.server: asyncio.StreamWriter | None = None
        # Once bytes were lost the two ends no longer mean the same, so it is closed when the line is mended.
        self.has_lost = False

    def close(self) -> None:
        for writer in (self.client, self.server):
            if writer is not None:
                writer.transport.abort()


async def pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, passes: Callable[[bytes], bool]) -> None:
    """Passes on what comes until its end; `passes` is shown each piece first, and says whether it goes through."""
    try:
        while piece := await reader.read(SIZE):
            if passes(piece):
                writer.write(piece)
                await writer.drain()
    except (ConnectionError, OSError):
        pass


class Relay:
    """Listens on a port of its own choice on loopback; whoever inherits says whither each connection goes."""

    def __init__(self) -> None:
        self.pairs: set[Pair] = set()
        self.tasks: set[asyncio.Task] = set()
        self.port: int = 0
        self._server: asyncio.Server | None = None
        call(self._listen())

    async def _listen(self) -> None:
        self._server = await asyncio.start_server(self._accepted, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]

    async def _accepted(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        pair, task = Pair(writer), asyncio.current_task()
        self.pairs.add(pair)
        self.tasks.add(task)
        try:
            await self.serve(pair, reader)
        except asyncio.CancelledError:
            pass  # The relay is being closed.
        finally:
            self.pairs.discard(pair)
            self.tasks.discard(task)
            pair.close()

    async def serve(self, pair: Pair, reader: asyncio.StreamReader) -> None:
        raise NotImplementedError

    async def join(self, pair: Pair, reader: asyncio.StreamReader, port: int, to_server: Callable[[bytes], bool],
                   to_client: Callable[[bytes], bool]) -> None:
        """Passes bytes both ways until either side has ended; raises OSError where nobody listens on that port."""
        answers, pair.server = await asyncio.open_connection("127.0.0.1", port)
        ways = [asyncio.create_task(pump(reader, pair.server, to_server)),
                asyncio.create_task(pump(answers, pair.client, to_client))]
        try:
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for way in ways:
                way.cancel()

    def close(self) -> None:
        call(self._close())

    async def _close(self) -> None:
        self._server.close()
        tasks = list(self.tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks)
