"""Readers with the rules of failure-lambda, both documents: what they would inject is what the run said."""

import json

import pytest
from failure_lambda import Effect, Flags, Flat, one, problems, several
from lambdas.faults import ANSWER
from ssm import OFF, by_path, client, own_name, value
from team import Team, functions, until

MESSAGE = "Faultplane injected this error: {run}/Fault"
HOSTS = "s3.*.amazonaws.com,^api.example.com$"
DELAY = ("aws:lambda:invocation-add-delay", {"startupDelayMilliseconds": "1500"}, "latency", (1500, 1500))
# Each action that a dialect can be told, with what an invocation then suffers.
FLAT = {
    "a delay": DELAY,
    "an error": ("aws:lambda:invocation-error", {"preventExecution": "true"}, "exception", MESSAGE),
    "an answer": (
        "aws:lambda:invocation-http-integration-response", {**ANSWER, "preventExecution": "true"}, "statuscode", 503),
    "denied hosts": (
        "faultplane:lambda:invocation-deny-hosts", {"denyList": HOSTS}, "denylist", HOSTS.split(",")),
}
MORE = {
    "a timeout": ("faultplane:lambda:invocation-timeout", {"timeoutBufferMilliseconds": "250"}, "timeout", 250),
    "a full disk": ("faultplane:lambda:invocation-disk-space", {"diskSpaceMegabytes": "64"}, "diskspace", 64),
    "another body": ("faultplane:lambda:invocation-corrupt-response", {"body": '{"broken": tr'}, "corruption", '{"broken": tr'),
}
TOLD = {**FLAT, **MORE}
BEHIND = "answers instead of running the handler; preventExecution true is told."
# What neither dialect is told: an action from above, what is asked of it besides, and what the run's coverage says.
UNTOLD = {
    "a delay behind the handler": ("a delay", {"when": "after"}, "delays before the handler, not after it."),
    "an error behind the handler": ("an error", {"preventExecution": "false"}, BEHIND),
    "an answer behind the handler": ("an answer", {"preventExecution": "false"}, BEHIND),
    "every third one": ("a delay", {"everyNth": "3"}, "does not count invocations, and so cannot take one in 3."),
}


def fault(action, parameters, duration="PT1H"):
    given = {"duration": duration, "ifUnheld": "complete", **parameters}
    return {"actionId": action, "targets": {"Functions": "Named"}, "parameters": given}


class Readers:
    """Functions with each version, which read the faults of `checkout` and roll the same dice."""

    def __init__(self, plane):
        self.team = Team(plane)
        self.team.disengage()
        self.arn = self.team.register("checkout")
        self.ssm = client(by_path(plane, self.team.new_key("agent", targetPattern="*")))
        self.rolled = 0.0
        self.flags = Flags(one(self.ssm, own_name("failure-lambda")), ttl=0, dice=self.dice)
        self.flat = Flat(one(self.ssm, own_name("failure-lambda-0")), dice=self.dice)
        self.fork = Flat(several(self.ssm, own_name("failure-lambda-0")), dice=self.dice)

    def dice(self):
        return self.rolled

    def all(self):
        """What an invocation suffers with 1.x, with 0.x and with the fork."""
        effects = [reader.effects({}) for reader in (self.flags, self.flat, self.fork)]
        assert self.flags.skipped == []
        return effects

    def start(self, **faults):
        """A run with these faults on, each that is told."""
        run = self.team.start(self.team.template(faults, {"Named": functions(self.arn)}))
        self.team.reached(run, "running")
        until(lambda: [name for name, at in self.team.read(run)["actions"].items() if at["state"]["status"] == "running"],
              lambda running: len(running) == len(faults))
        return run

    def stop(self, run):
        self.team.fis.stop_experiment(id=run)
        self.team.ended(run)

    def coverage(self, run):
        answer = self.team.ask("GET", f"/experiments/{run}/coverage")
        assert answer.status == 200, answer.body
        [found] = answer.json["targets"]
        return {name: found[name] for name in ("seen", "held", "holding", "rejecting", "cleared") if found[name]}, found["reasons"]


@pytest.fixture(scope="module")
def readers(plane):
    return Readers(plane)


@pytest.mark.parametrize("name", TOLD)
def test_what_is_injected_is_what_the_run_said(readers, name):
    action, parameters, mode, what = TOLD[name]
    assert readers.all() == [[], [], []]
    run = readers.start(Fault=fault(action, parameters))
    suffered = [Effect(mode, MESSAGE.format(run=run) if what is MESSAGE else what)]
    if name in FLAT:
        assert readers.all() == [suffered] * 3
        assert readers.coverage(run) == ({"seen": 2, "held": 2, "holding": 2}, {})
        told = {"seen": 2, "held": 2, "cleared": 2}
    else:
        assert readers.all() == [suffered, [], []]
        counts, reasons = readers.coverage(run)
        assert counts == {"seen": 2, "held": 1, "holding": 1, "rejecting": 1}
        [(reason, times)] = reasons.items()
        assert reason.startswith("failure-lambda 0.x ") and times == 1
        told = {"seen": 2, "held": 1, "rejecting": 1, "cleared": 1}
    readers.stop(run)
    assert readers.all() == [[], [], []]
    until(lambda: readers.coverage(run)[0], lambda counts: counts == told)


@pytest.mark.parametrize("name", UNTOLD)
def test_what_neither_can_do_exactly_neither_is_told(readers, name):
    which, more, reason = UNTOLD[name]
    action, parameters, *_ = TOLD[which]
    run = readers.start(Fault=fault(action, {**parameters, **more}))
    assert readers.all() == [[], [], []]
    titles = ("failure-lambda 1.x", "failure-lambda 0.x") if "count" in reason else ("failure-lambda", "failure-lambda 0.x")
    assert readers.coverage(run) == ({"seen": 2, "rejecting": 2}, {f"{title} {reason}": 1 for title in titles})
    readers.stop(run)


def test_half_the_invocations(readers):
    action, parameters, mode, what = FLAT["a delay"]
    run = readers.start(Fault=fault(action, {**parameters, "invocationPercentage": "50"}))
    readers.rolled = 0.499
    assert readers.all() == [[Effect(mode, what)]] * 3
    readers.rolled = 0.5
    assert readers.all() == [[], [], []]
    readers.rolled = 0.0
    readers.stop(run)


def test_1_x_does_several_at_once_in_its_own_order(readers):
    names = ["another body", "denied hosts", "a full disk", "a timeout", "a delay"]
    run = readers.start(**{f"Fault{place}": fault(*TOLD[name][:2]) for place, name in enumerate(names)})
    effects, flat, _ = readers.all()
    assert effects == [Effect(*TOLD[name][2:]) for name in reversed(names)]
    # Of several 0.x does the first that it can do: they began together, and so it goes by their names.
    assert len(flat) == 1 and flat[0].mode == "denylist"
    readers.stop(run)


def test_of_two_outcomes_1_x_is_told_the_first(readers):
    first = readers.start(Fault=fault(*TOLD["an answer"][:2]))
    second = readers.start(Fault=fault(*TOLD["an error"][:2]))
    assert readers.all() == [[Effect("statuscode", 503)]] * 3
    counts, reasons = readers.coverage(second)
    assert counts == {"seen": 2, "rejecting": 2}
    assert {reason.split(" cannot ")[1] for reason in reasons} == {f"do it beside {first}/Fault, which began first."}
    readers.stop(first)
    assert readers.all() == [[Effect("exception", MESSAGE.format(run=second))]] * 3
    readers.stop(second)


def test_what_1_x_has_read_serves_it_for_a_minute(readers):
    now = [1000.0]
    cached = Flags(readers.flags.read, clock=lambda: now[0])
    assert cached.effects() == []
    run = readers.start(Fault=fault(*TOLD["a delay"][:2]))
    now[0] += 59.9
    assert cached.effects() == []
    now[0] += 0.2
    assert [effect.mode for effect in cached.effects()] == ["latency"]
    readers.stop(run)
    assert [effect.mode for effect in cached.effects()] == ["latency"]
    now[0] += 60.0
    assert cached.effects() == []


def test_the_documents_say_off_as_each_version_has_it(readers):
    assert {dialect: value(readers.ssm, own_name(dialect)) for dialect in OFF} == OFF


# What the readers themselves make of documents, as failure-lambda was seen to.
DOCUMENTS = {
    "a percentage too high": ({"latency": {"enabled": True, "percentage": 150}}, 1),
    "a document of 0.x": ({"isEnabled": True, "failureMode": "exception", "rate": 1, "exceptionMsg": "x"}, 1),
    "a deny list of 0.x": ({"denylist": ["s3"]}, 1),
    "no word on whether it is on": ({"exception": {"exception_msg": "x"}}, 1),
    "the least above the most": ({"latency": {"enabled": True, "min_latency": 2, "max_latency": 1}}, 1),
    "no status": ({"statuscode": {"enabled": True, "status_code": 99}}, 1),
    "what repeats repeated": ({"denylist": {"enabled": True, "deny_list": ["(a+)+"]}}, 1),
    "members that nobody knows": ({"faultplane": "a sentence", "is_enabled": True}, 0),
}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_1_x_skips_what_is_not_valid(name):
    document, skipped = DOCUMENTS[name]
    reader = Flags(lambda: json.dumps(document))
    assert (reader.effects({}), len(reader.skipped)) == ([], skipped)


@pytest.mark.parametrize("pattern", ["(a+)+", "(a*)*", "((ab)+c)*", "(a{1,}){2}", "x" * 513, "("])
def test_1_x_takes_no_pattern_that_may_run_for_ever(pattern):
    condition = {"path": "a", "operator": "regex", "value": pattern}
    assert len(problems("latency", {"enabled": True, "match": [condition]})) == 1


@pytest.mark.parametrize("pattern", ["^(1[0-9]{3}|2[0-4].{2})$", "[(+]+", r"\(a+\)+", "(ab)+", "x" * 512])
def test_1_x_takes_other_patterns(pattern):
    assert problems("latency", {"enabled": True, "match": [{"path": "a", "operator": "regex", "value": pattern}]}) == []
