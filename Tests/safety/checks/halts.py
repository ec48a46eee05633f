"""I2, halt wins: a node that has acknowledged a halt serves no active fault, in the end no node does, and no epoch falls."""

from collections.abc import Iterator

from checks.history import Answer, Injector, Line, Violation
from checks.truth import Truth, seconds

PROMISE = "I2 halt wins"


def _answered_after(answer: Answer, at: int) -> bool:
    """Whether it was certainly given after that moment: the server had the request for so long."""
    return answer.asked.boot + answer.held > at


def halted(injector: Injector, truth: Truth) -> Iterator[Violation]:
    for answer in injector.answers:
        if answer.trouble is not None:
            continue
        for halt in truth.halts:
            text = _objection(injector.instance, answer, halt, truth)
            if text:
                yield Violation(PROMISE, answer.line, text)


def _objection(instance: str, answer: Answer, halt: Line, truth: Truth) -> str | None:
    at, epoch = halt.data["boot"], halt.data["epoch"]
    if not _answered_after(answer, at) or answer.received.boot >= truth.disengaged_after(at):
        return None
    node = truth.node_of(instance, answer)
    if halt.kind == "halted":
        if node != halt.data["node"]:
            return None
        if answer.says and answer.epoch < epoch:
            return (f"node {node} answers with epoch {answer.epoch}, {seconds(answer.received.boot - at)} after it "
                    f"acknowledged the halt of epoch {epoch} ({halt.place})")
        who = f"node {node} acknowledged the halt of epoch {epoch}"
    else:
        who = f"the halt of epoch {epoch} was proven for all nodes"
    served = [fault["id"] for fault in answer.on()]
    if served:
        return (f"{', '.join(served)} is served by node {node or '(any)'} to a request that was still unanswered when {who}, "
                f"{seconds(answer.received.boot - at)} before ({halt.place})")
    return None


def epochs(injectors: list[Injector], truth: Truth) -> Iterator[Violation]:
    """What a node says after another answer of its own was complete is of no lower epoch."""
    by_node: dict[str, list[tuple[Answer, int]]] = {}
    for injector in injectors:
        for answer in injector.answers:
            node = truth.node_of(injector.instance, answer)
            if node is not None and answer.trouble is None and answer.epoch is not None:
                # A process that has just started and is not sure may not know the epoch yet.
                life = sum(1 for at in truth.restarts.get(node, []) if at <= answer.received.boot)
                by_node.setdefault(node, []).append((answer, life))
    for node, answers in by_node.items():
        for answer, highest in _with_highest(answers):
            if highest is not None and answer.epoch < highest.epoch:
                yield Violation(PROMISE, answer.line, (
                    f"node {node} says epoch {answer.epoch}, after it had said {highest.epoch} ({highest.line.place})"))


def _with_highest(answers: list[tuple[Answer, int]]) -> Iterator[tuple[Answer, Answer | None]]:
    """Each answer with the highest-epoch one that was complete before it was asked for."""
    complete = sorted(answers, key=lambda pair: pair[0].received.boot)
    sure: Answer | None = None
    unsure: dict[int, Answer] = {}
    place = 0
    for answer, life in sorted(answers, key=lambda pair: pair[0].asked.boot):
        while place < len(complete) and complete[place][0].received.boot < answer.asked.boot:
            before, its_life = complete[place]
            place += 1
            if before.says and (sure is None or before.epoch >= sure.epoch):
                sure = before
            if its_life not in unsure or before.epoch >= unsure[its_life].epoch:
                unsure[its_life] = before
        candidates = [unsure.get(life)] + ([sure] if answer.says else [])
        known = [candidate for candidate in candidates if candidate is not None]
        yield answer, max(known, key=lambda candidate: candidate.epoch, default=None)
