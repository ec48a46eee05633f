"""Records made by hand, for the checker's tests: times in seconds, and only what a case is about has to be said."""

import json

SECOND = 1_000_000_000
WALL = 1_790_000_000
TARGET = "arn:aws:lambda:us-east-1:000000000000:function:checkout"
FAULT = "EXPone/Fail"


def version(change, epoch=0):
    return epoch << 32 | change


def fault(name=FAULT, salt="s", begin=0.0, end=300.0, **parameters):
    return {"id": name, "experimentId": name.split("/")[0], "actionId": "aws:lambda:invocation-error", "salt": salt,
            "parameters": parameters, "notBefore": WALL + begin, "notAfter": WALL + end}


def injectable(salt, percentage, wanted):
    """A request id that is chosen, or is not, worked out beside the checker."""
    import hashlib

    for number in range(10_000):
        first = hashlib.sha256(f"{salt}:r{number}".encode()).hexdigest()[:8]
        if (int(first, 16) / 2**32 * 100 < percentage) == wanted:
            return f"r{number}"
    raise AssertionError(f"of 10,000 requests none is {'chosen' if wanted else 'left out'} at {percentage} %")


class Written:
    """A file of lines, each with a moment."""

    def __init__(self, path):
        self.path = path
        self.lines = []

    def add(self, kind, at, wall=None, **members):
        clocks = {"boot": round(at * SECOND), "wall": round((WALL + at if wall is None else wall) * SECOND)}
        self.lines.append(json.dumps({"kind": kind, **members, **clocks}))
        self.path.write_text("".join(line + "\n" for line in self.lines))
        return self


class Recorded(Written):
    """What one injector recorded."""

    def __init__(self, folder, instance="i-1", target=TARGET, at=0.0):
        super().__init__(folder / f"injector-{instance}.jsonl")
        self.polls = 0
        self.add("start", at, target=target, instance=instance)
        self.target = target

    def poll(self, asked, received, change, faults=None, named=None, epoch=0, lease=15.0, held=None, time=None, **body):
        """One poll and its answer: 200 where faults are given, otherwise 304."""
        number = change if change is None else version(change, epoch)
        self.polls += 1
        self.add("asked", asked, poll=self.polls, named=named)
        told = held if held is not None else received - asked
        headers = {"etag": f'"{number}"', "faultplane-lease": f"{lease:.9f}", "faultplane-held": f"{told:.9f}",
                   "faultplane-next-poll": "0.0", "faultplane-time": f"{WALL + (received if time is None else time):.9f}"}
        content = None
        if faults is not None:
            content = {"target": self.target, "version": number, "epoch": epoch, "faults": faults, **body}
        raw = "" if content is None else json.dumps(content)
        return self.add("answered", received, poll=self.polls, status=304 if faults is None else 200, headers=headers,
                        body=content, raw=raw)

    def degraded(self, asked, received, epoch=0):
        self.polls += 1
        self.add("asked", asked, poll=self.polls, named=None)
        body = {"target": self.target, "version": None, "epoch": epoch, "faults": [], "degraded": "no database for 11 s"}
        return self.add("answered", received, poll=self.polls, status=200, headers={"faultplane-next-poll": "2.5"}, body=body,
                        raw=json.dumps(body))

    def invoked(self, at, *faults, request="r", wall=None):
        return self.add("invoked", at, wall, request=request, injected=list(faults))


class Told(Written):
    """What the harness noted; one node `a`, well from the beginning, and one injector that asks it."""

    def __init__(self, folder, lease=15.0, instances=("i-1",), nodes=("a",)):
        super().__init__(folder / "truth.jsonl")
        self.add("setup", 0, lease=round(lease * SECOND), allowance=SECOND // 20)
        for node in nodes:
            self.add("healthy", 0, node=node)
        for instance in instances:
            self.add("asks", 0, instance=instance, nodes=list(nodes))
        self.add("published", 0, fault=FAULT, target=TARGET)
