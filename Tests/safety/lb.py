#!/usr/bin/env python3
"""A plain TCP load balancer: each connection goes to another node, in turn; a node that does not listen is passed over.

A connection that has brought an answer is closed when the next request comes on it, so that clients that keep theirs hop too.

usage: lb.py NAME=PORT...       (says where it listens, and then which node each connection goes to)
"""

import asyncio
import re
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass

from relay import Pair, Relay

_INSTANCE = re.compile(rb"[?&]instance=([^& ]+)")


@dataclass
class Asking:
    """What is known of one connection's request."""

    instance: str | None = None
    is_answered: bool = False


class Balancer(Relay):
    """Passes connections on to several ports in turn, and says which node gave bytes to which instance."""

    def __init__(self, nodes: dict[str, int], relayed: Callable[[str, str], None]):
        self.nodes = dict(nodes)
        self.relayed = relayed
        self.turn = 0
        super().__init__()

    async def serve(self, pair: Pair, reader: asyncio.StreamReader) -> None:
        self.turn += 1
        names = list(self.nodes)
        start = self.turn % len(names)
        for name in names[start:] + names[:start]:
            asking = Asking()
            try:
                await self.join(pair, reader, self.nodes[name], lambda piece: self._asked(pair, piece, asking),
                                lambda _: self._answered(name, asking))
                return
            except OSError:
                continue

    @staticmethod
    def _asked(pair: Pair, piece: bytes, asking: Asking) -> bool:
        if asking.is_answered:
            pair.close()
            return False
        if found := _INSTANCE.search(piece):
            asking.instance = found.group(1).decode()
        return True

    def _answered(self, name: str, asking: Asking) -> bool:
        # Noted before it is passed on, so that the note is never later than what the instance records.
        if asking.instance:
            self.relayed(asking.instance, name)
        asking.is_answered = True
        return True


def main(arguments: list[str]) -> int:
    try:
        nodes = {name: int(port) for name, port in (argument.split("=") for argument in arguments)}
    except ValueError:
        nodes = {}
    if not nodes:
        print(__doc__.strip(), file=sys.stderr)
        return 2
    balancer = Balancer(nodes, lambda instance, node: print(f"{instance} {node}", flush=True))
    print(f"listening on http://127.0.0.1:{balancer.port}", flush=True)
    threading.Event().wait()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
