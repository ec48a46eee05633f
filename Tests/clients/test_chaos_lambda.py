"""Functions with the unmodified chaos_lambda follow a run: faulty while it is on, and as ever once it is over, however it ended."""

import pytest
from lambdas.faults import KINDS, NORMAL, all_forms, faulty, opened


@pytest.fixture(scope="module")
def shop(plane, tmp_path_factory):
    with opened(plane, tmp_path_factory.mktemp("shop"), "checkout") as shop:
        yield shop


def stopped(shop, run):
    shop.team.fis.stop_experiment(id=run)
    assert shop.team.ended(run)["state"] == {"status": "stopped", "reason": "Experiment stopped by request."}


def halted(shop, run):
    answer = shop.team.ask("POST", "/emergency-stop", {"reason": "smoke in the rack"})
    assert answer.status == 200, answer.body


def over(shop, run):
    assert shop.team.ended(run)["state"] == {"status": "completed", "reason": "Experiment completed."}


# Each ending with how long the fault is asked for.
ENDINGS = {"stopped": (stopped, "PT1H"), "halted": (halted, "PT1H"), "over": (over, "PT2S")}


@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize("kind", KINDS)
def test_a_function_fails_while_its_fault_is_on_and_no_longer(shop, kind, ending):
    end, duration = ENDINGS[ending]
    assert shop.seen() == all_forms(NORMAL)
    try:
        with shop.fault(kind, duration) as run:
            assert shop.seen() == all_forms(faulty(kind, run))
            end(shop, run)
            assert shop.seen() == all_forms(NORMAL)
            assert shop.seen() == all_forms(NORMAL)
    finally:
        shop.team.disengage()


def test_a_function_whose_key_is_revoked_runs_as_if_nothing_was_on(plane, tmp_path):
    with opened(plane, tmp_path, "checkout") as other, other.fault("exception") as run:
        assert other.seen() == all_forms(faulty("exception", run))
        assert other.team.ask("DELETE", f"/v1/keys/{other.key.id}").status == 200
        assert other.seen() == all_forms(NORMAL)


def test_of_half_the_invocations_half_fail(shop):
    plain = shop.forms["checkout"]["plain"]
    with shop.fault("exception", invocationPercentage="50"):
        failed = [plain.invoke() for _ in range(200)]
    calls = {(outcome.error is None, outcome.calls) for outcome in failed}
    assert calls == {(True, 1), (False, 0)}
    # Beyond that lies one in a million.
    assert 65 < sum(outcome.error is not None for outcome in failed) < 135
