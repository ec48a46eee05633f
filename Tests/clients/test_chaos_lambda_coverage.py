"""A run says whether functions with chaos_lambda got its fault, and why not; a halt says who may be at it still."""

import time

import pytest
from lambdas.faults import ANSWER, NORMAL, all_forms, faulty, opened
from plane import until
from ssm import own_name
from team import action, functions

NAME = own_name("chaos_lambda")
BOUND = "It keeps no lease: an invocation does what it read when it began."


@pytest.fixture(scope="module")
def shop(plane, tmp_path_factory):
    with opened(plane, tmp_path_factory.mktemp("covered"), "checkout") as shop:
        yield shop


def counts(found):
    """Where the instances of a fault stand, without those counts that are 0."""
    names = ("seen", "holding", "held", "rejecting", "cleared", "off", "silentCount", "untracked", "withoutLease")
    return {name: found[name] for name in names if found[name]}


def until_counted(shop, run, **wanted):
    return until(lambda: counts(shop.coverage(run)), lambda found: found == wanted)


def test_a_run_knows_who_got_its_fault_and_who_is_rid_of_it(shop):
    with shop.fault("exception") as run:
        assert shop.seen() == all_forms(faulty("exception", run))
        found = shop.coverage(run)
        assert counts(found) == {"seen": 1, "holding": 1, "held": 1}
        assert (found["target"], found["action"], found["reasons"]) == (shop.arns["checkout"], "Fault", {})
        shop.stop(run)
        # It was told the fault, and nobody knows yet that it has heard of the end.
        assert counts(shop.coverage(run)) == {"seen": 1, "held": 1, "withoutLease": 1}
        assert shop.seen() == all_forms(NORMAL)
        until_counted(shop, run, seen=1, held=1, cleared=1)


FAILS = ("invocation-error", {"preventExecution": "true"})
ANSWERS = ("invocation-http-integration-response", {**ANSWER, "preventExecution": "false"})
UNTOLD = {
    "an error behind the handler": (
        "invocation-error", {"preventExecution": "false"},
        "chaos_lambda raises its exception instead of running the handler; preventExecution true is told."),
    "an answer without the handler": (
        "invocation-http-integration-response", {**ANSWER, "preventExecution": "true"},
        "chaos_lambda runs the handler and then changes the status; preventExecution false is told."),
    "an answer at half of them": (
        ANSWERS[0], {**ANSWERS[1], "invocationPercentage": "50"},
        "chaos_lambda would run the handler twice in each invocation that it spares; only 100 % is told."),
    "a delay behind the handler": (
        "invocation-add-delay", {"startupDelayMilliseconds": "500", "when": "after"},
        "chaos_lambda delays before the handler, not after it."),
    "every second one": (
        FAILS[0], {**FAILS[1], "everyNth": "2"},
        "chaos_lambda does not count invocations, and so cannot take one in 2."),
    "no more than three": (
        FAILS[0], {**FAILS[1], "maxInvocations": "3"},
        "chaos_lambda does not count invocations, and so cannot stop after some."),
}


@pytest.mark.parametrize("name", UNTOLD)
def test_what_chaos_lambda_cannot_do_exactly_it_is_not_told(shop, name):
    kind, parameters, reason = UNTOLD[name]
    fault = action(kind, "PT1H", (), "Named", **parameters)
    run = shop.team.start(shop.team.template({"Fault": fault}, {"Named": functions(shop.arns["checkout"])}))
    shop.team.reached(run, "running")
    assert shop.seen() == all_forms(NORMAL)
    until_counted(shop, run, seen=1, rejecting=1)
    assert shop.coverage(run)["reasons"] == {reason: 1}
    shop.stop(run)
    assert shop.seen() == all_forms(NORMAL)
    assert counts(shop.coverage(run)) == {"seen": 1, "rejecting": 1}


def test_a_fault_that_nobody_could_be_told_fails_the_run(shop):
    run = shop.start("status code", "PT1S", invocationPercentage="50")
    shop.team.reached(run, "running")
    assert shop.seen() == all_forms(NORMAL)
    state = shop.team.ended(run)["state"]
    assert state["status"] == "failed"
    assert state["error"] == {"accountId": shop.team.account, "code": "InvalidTarget", "location": "Fault"}


def test_of_two_faults_it_is_told_the_first(shop):
    with shop.fault("exception") as first:
        second = shop.start("latency", "PT1H")
        shop.team.reached(second, "running")
        assert shop.seen() == all_forms(faulty("exception", first))
        until_counted(shop, second, seen=1, rejecting=1)
        reason = f"chaos_lambda cannot do it beside {first}/Fault, which began first."
        assert shop.coverage(second)["reasons"] == {reason: 1}
        shop.stop(first)
        assert shop.seen() == all_forms(faulty("latency", second))
        until_counted(shop, second, seen=1, held=1, holding=1)
        shop.stop(second)


def readers(shop):
    """Those readers of the halt's proof that may be at a fault still."""
    answer = shop.team.ask("GET", "/emergency-stop")
    assert answer.status == 200, answer.body
    instances = answer.json["instances"]
    assert instances["withoutLeaseCount"] >= len(instances["withoutLease"])
    return [reader for reader in instances["withoutLease"] if reader["parameter"] == NAME]


def test_a_halt_names_who_reads_without_a_lease(shop):
    try:
        with shop.fault("exception") as run:
            assert shop.seen() == all_forms(faulty("exception", run))
            read = time.time()
            assert shop.team.ask("POST", "/emergency-stop", {"reason": "smoke in the rack"}).status == 200
            [reader] = readers(shop)
            assert reader.pop("servedAt") == pytest.approx(read, abs=5)
            assert reader == {
                "target": shop.arns["checkout"], "parameter": NAME, "dialect": "chaos_lambda", "offSince": None,
                "note": BOUND,
            }
            assert shop.seen() == all_forms(NORMAL)
            [reader] = readers(shop)
            assert reader["servedAt"] <= reader["offSince"] <= time.time() + 1
    finally:
        shop.team.disengage()
