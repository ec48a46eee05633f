"""Experiments as a workshop has them, a second for a minute: in order, on time, and gone when they are over."""

import threading
import time

import pytest
from team import FINAL, Team, action, delay, functions, until, wait

# What a fault may be late by: the time it takes to be published, cleared and polled on a busy machine.
LATE = 0.5
ANSWER = {"statusCode": "503", "contentTypeHeader": "text/plain", "preventExecution": "true"}


def workshop():
    """Latency, a pause, a status code, a pause, an exception, a pause, and the end."""
    return {
        "Latency": delay("Shop"),
        "Pause1": wait("PT1S", "Latency"),
        "Status": action("invocation-http-integration-response", "PT1S", ["Pause1"], "Shop", **ANSWER),
        "Pause2": wait("PT1S", "Status"),
        "Exception": action("invocation-error", "PT1S", ["Pause2"], "Shop", preventExecution="false"),
        "Pause3": wait("PT1S", "Exception"),
        "Disable": wait("PT1S", "Pause3"),
    }


class Watch:
    """Polls as an injector does, and notes what it was told between which two moments."""

    def __init__(self, team, arn, run):
        self.seen = []
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look, args=(team, arn, run))

    def _look(self, team, arn, run):
        while not self._over.wait(0.06):
            asked = time.time()
            told = [fault["id"].removeprefix(f"{run}/") for fault in team.faults(arn)]
            self.seen.append((asked, time.time(), told))

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._over.set()
        self._thread.join(10)


def windows(run):
    """When each action began and ended, in seconds."""
    return {name: (at["startTime"].timestamp(), at["endTime"].timestamp()) for name, at in run["actions"].items()}


@pytest.fixture(scope="module", autouse=True)
def diamonds(plane):
    """A run that takes five seconds, which pass while other tests wait for theirs."""
    team = Team(plane)
    return team, team.start(team.template(DIAMONDS))


def test_the_workshops_seven_steps_come_in_order_and_on_time(team):
    arn = team.register("shop")
    actions = workshop()
    run = team.start(team.template(actions, {"Shop": functions(arn)}))
    with Watch(team, arn, run) as watch:
        done = team.ended(run)
    assert done["state"]["status"] == "completed"
    assert {name: found["state"]["status"] for name, found in done["actions"].items()} == dict.fromkeys(actions, "completed")
    assert list(done["actions"]) == list(actions)
    at = windows(done)
    for name, given in actions.items():
        assert round(at[name][1] - at[name][0], 3) == 1
        for earlier in given.get("startAfter", []):
            assert at[name][0] == at[earlier][1]
    assert 0 <= at["Latency"][0] - done["startTime"].timestamp() < LATE
    assert at["Disable"][1] == done["endTime"].timestamp()

    faults = ("Latency", "Status", "Exception")
    for asked, answered, told in watch.seen:
        on = [name for name in faults if at[name][0] <= asked and answered < at[name][1]]
        settled = [name for name in faults if at[name][0] + LATE <= asked and answered < at[name][1]]
        assert set(settled) <= set(told), f"{settled} should be told at {asked}, and it is {told}"
        for name in set(told) - set(on):
            # Published no earlier than its start, to the millisecond that is shown, and cleared when it is over.
            assert at[name][0] - 0.001 <= answered and asked < at[name][1] + LATE, f"{told} at {asked}, with {at}"
    shown = [told for _, _, told in watch.seen]
    changes = [told for before, told in zip([None, *shown], shown) if told != before]
    expected = [[], ["Latency"], [], ["Status"], [], ["Exception"], []]
    assert changes in (expected, expected[1:])
    assert team.faults(arn) == []


def test_a_fault_says_itself_when_it_is_on(team):
    arn = team.register("shop")
    run = team.start(team.template({"Slow": delay("Shop", "PT2S")}, {"Shop": functions(arn)}))
    [fault] = until(lambda: team.faults(arn), lambda found: found, every=0.06)
    [(start, end)] = windows(team.ended(run)).values()
    assert abs(fault["notBefore"] - start) < 0.001
    assert abs(fault["notAfter"] - end) < 0.001
    assert fault["notAfter"] - fault["notBefore"] == 2


DIAMONDS = {
    "Top": wait("PT1S"),
    "Left": wait("PT1S", "Top"),
    "Right": wait("PT2S", "Top"),
    "Middle": wait("PT1S", "Left", "Right"),
    "Aside": wait("PT1S", "Left"),
    "Bottom": wait("PT1S", "Middle", "Aside", "Top"),
}


def test_diamonds_wait_for_the_longest_side(diamonds):
    team, run = diamonds
    done = team.ended(run)
    at = windows(done)
    began = at["Top"][0]
    timetable = {name: tuple(round(moment - began, 3) for moment in both) for name, both in at.items()}
    assert timetable == {
        "Top": (0, 1), "Left": (1, 2), "Right": (1, 3), "Middle": (3, 4), "Aside": (2, 3), "Bottom": (4, 5),
    }
    assert done["state"]["status"] == "completed"


def test_twenty_actions_take_their_turns_ten_at_a_time(team):
    arns = [team.register(f"f{number}") for number in range(2)]
    targets = {f"T{number}": functions(arn) for number, arn in enumerate(arns)}
    actions = {f"A{number:02}": delay(f"T{number % 2}") for number in range(20)}
    run = team.start(team.template(actions, targets))
    crowds = []

    def read():
        found = team.read(run)
        statuses = [each["state"]["status"] for each in found["actions"].values()]
        crowds.append(statuses.count("running"))
        return found

    done = until(read, lambda found: found["state"]["status"] in FINAL)
    assert done["state"]["status"] == "completed"
    assert max(crowds) == 10
    at = windows(done)
    began = at["A00"][0]
    for number, (start, end) in enumerate(at[name] for name in actions):
        assert (round(start - began, 3), round(end - began, 3)) == ((0, 1) if number < 10 else (1, 2))
    assert [team.faults(arn) for arn in arns] == [[], []]


def test_a_stop_between_two_steps_leaves_nothing(team):
    arn = team.register("shop")
    actions = {**workshop(), "Pause1": wait("PT1H", "Latency")}
    run = team.start(team.template(actions, {"Shop": functions(arn)}))
    until(lambda: team.read(run)["actions"]["Pause1"]["state"]["status"], lambda status: status == "running")
    team.fis.stop_experiment(id=run)
    stopped = team.ended(run)
    statuses = [found["state"]["status"] for found in stopped["actions"].values()]
    assert statuses == ["completed", "stopped", "cancelled", "cancelled", "cancelled", "cancelled", "cancelled"]
    assert team.faults(arn) == []
