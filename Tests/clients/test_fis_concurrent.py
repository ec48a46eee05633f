"""Two hundred starts at once: as many runs as were asked for, and no more than the account may have."""

import concurrent.futures
import threading

from team import delay, functions, quoted

CALLERS = 200


def at_once(calls):
    """What each call gives, all of them begun at the same moment."""
    barrier = threading.Barrier(len(calls))

    def begun(call):
        barrier.wait(60)
        return call()

    with concurrent.futures.ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(begun, calls))


def test_two_hundred_starts_make_a_run_for_each_token(team):
    arn = team.register("checkout")
    template = team.template({"Slow": delay("Named", "PT1H")}, {"Named": functions(arn)})

    def start(token):
        request = {"clientToken": token, "experimentTemplateId": template}
        # A server with more to do than it can says so, and is asked again.
        while (answer := team.ask("POST", "/experiments", request)).status == 503:
            assert "retry-after" in answer.headers, answer
        return answer

    tokens = [f"token-{number % 100}" for number in range(CALLERS)]
    answers = at_once([lambda token=token: start(token) for token in tokens])
    assert {answer.status for answer in answers} == {200}, answers
    runs = {}
    for token, answer in zip(tokens, answers):
        runs.setdefault(token, set()).add(answer.json["experiment"]["id"])
    assert len(runs) == 100 and all(len(ids) == 1 for ids in runs.values()), runs
    assert sorted(team.active()) == sorted(run for ids in runs.values() for run in ids)
    assert len(team.faults(arn)) == 100

    more = at_once([lambda token=f"more-{number}": start(token) for number in range(CALLERS)])
    assert {(answer.status, answer.failure[1]) for answer in more} == {(402, "ServiceQuotaExceededException")}
    assert len(team.active()) == 100

    stopped = team.ask("POST", "/emergency-stop", {"scope": "account", "reason": "the test is over"})
    assert stopped.status == 200 and len(stopped.json["experimentsStopped"]) == 100
    assert team.faults(arn) == []
    document = team.ask("GET", f"/v1/faults/{quoted(arn)}?instance=one").json
    assert document["version"] % 2**32 == 200, "a change for each fault that came and each that went"
