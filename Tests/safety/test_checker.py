"""The checker finds each kind of broken promise in records made by hand, and nothing in good ones."""

import pathlib
import subprocess
import sys

import pytest
from recorded import FAULT, SECOND, TARGET, Recorded, Told, fault, injectable, version

CHECKER = pathlib.Path(__file__).parent / "checker.py"
V1, V2, V3 = version(1), version(2), version(3)


def checked(folder):
    """Exit code and lines of the checker, run as its users run it."""
    done = subprocess.run([sys.executable, CHECKER, folder], capture_output=True, text=True, timeout=60, check=False)
    return done.returncode, (done.stdout + done.stderr).splitlines()


def broken(folder, promise, *words):
    """That exactly one promise is broken, at a line that is named, with these words in the sentence."""
    code, said = checked(folder)
    assert code == 1, said
    found = [line for line in said if line.startswith(promise)]
    assert len(found) == 1, said
    assert all(word in found[0] for word in words), found[0]
    return found[0]


def holding(folder, told=None, **terms):
    """An injector that was told of the fault by a poll from 1 s to 2 s."""
    told = told or Told(folder)
    return Recorded(folder).poll(1, 2, 1, [fault(**terms.pop("of", {}))], **terms), told


def test_a_good_record_passes(tmp_path):
    injector, told = holding(tmp_path)
    injector.invoked(3, FAULT).poll(3, 7, 1, named=V1).invoked(20, FAULT)
    injector.poll(20.1, 20.2, 2, [], named=V1).invoked(20.3)
    injector.degraded(21, 21.1).invoked(22)
    told.add("ended", 20.1, fault=FAULT, why="stopped")
    assert checked(tmp_path) == (0, ["1 injectors, 4 answers, 4 invocations, 2 of them injected: 0 violations"])


def test_a_last_line_that_was_cut_off_is_noted_and_no_violation(tmp_path):
    injector, _ = holding(tmp_path)
    injector.path.write_text(injector.path.read_text() + '{"kind":"invo')
    code, said = checked(tmp_path)
    assert code == 0
    assert said[0] == """note: injector-i-1.jsonl:4: the last line was cut off and is left out: b'{"kind":"invo'"""


def test_a_broken_line_before_the_last_is_no_record(tmp_path):
    injector, _ = holding(tmp_path)
    injector.path.write_text('{"kind":\n' + injector.path.read_text())
    code, said = checked(tmp_path)
    assert code == 2
    assert said[0].startswith("checker: the record cannot be read: injector-i-1.jsonl:1: ")


@pytest.mark.parametrize("missing", ["injector-i-1.jsonl", "truth.jsonl"])
def test_a_record_that_is_not_whole_is_no_record(tmp_path, missing):
    holding(tmp_path)
    (tmp_path / missing).unlink()
    assert checked(tmp_path)[0] == 2


def test_an_injection_past_the_trust_of_its_answer(tmp_path):
    injector, _ = holding(tmp_path, lease=3)
    injector.invoked(4.9, FAULT).invoked(5.1, FAULT)
    broken(tmp_path, "I1", "injector-i-1.jsonl:5", "4.100 s after poll 1", "held 1.000 s + lease 3.000 s")


def test_elapsed_time_is_the_larger_of_both_clocks(tmp_path):
    injector, _ = holding(tmp_path)
    injector.invoked(3, FAULT, wall=1_790_003_600)
    broken(tmp_path, "I1", "3599.000 s after poll 1")


def test_an_injection_after_an_answer_that_was_not_sure(tmp_path):
    injector, _ = holding(tmp_path)
    injector.degraded(3, 3.1).invoked(4, FAULT)
    broken(tmp_path, "I1", "after an answer that was not sure")


def test_an_injection_of_what_is_not_held(tmp_path):
    injector, told = holding(tmp_path)
    told.add("published", 0, fault="EXPtwo/Fail", target=TARGET)
    injector.poll(3, 3.1, 2, [fault("EXPtwo/Fail")]).invoked(4, FAULT)
    broken(tmp_path, "I1", f"what is held (version {V2}) has no such fault")


def test_an_injection_past_the_end_that_any_answer_placed(tmp_path):
    injector, _ = holding(tmp_path, of={"end": 5.0})
    # The second answer's clock is behind: it would move the end later.
    injector.poll(2, 3, 1, named=V1, time=-1).invoked(4.9, FAULT).invoked(5.1, FAULT)
    broken(tmp_path, "I1", "injector-i-1.jsonl:7", "it ended 4.000 s after that")


def test_an_injection_after_its_guard_was_breached(tmp_path):
    injector, told = holding(tmp_path)
    told.add("breached", 3, fault=FAULT, within=6 * SECOND)
    injector.invoked(9.04, FAULT).invoked(9.1, FAULT)
    broken(tmp_path, "I1", "injector-i-1.jsonl:5", "6.100 s after its guard was breached (truth.jsonl:5)", "6.000 s is the most")


def test_an_injection_before_the_beginning(tmp_path):
    injector, _ = holding(tmp_path, of={"begin": 10.0})
    injector.invoked(9.9, FAULT).invoked(10.1, FAULT)
    broken(tmp_path, "I1", "injector-i-1.jsonl:4", "before it began")


def test_an_injection_a_lease_after_the_plane_was_well(tmp_path):
    injector, told = holding(tmp_path)
    told.add("unhealthy", 2, node="a", why="killed")
    # A server that vouches for what it cannot know: its answer and the injection by it are wrong.
    injector.poll(2, 6, 1, named=V1).invoked(18, FAULT)
    broken(tmp_path, "I1 bounded life: injector-i-1.jsonl:6", "last in reach 16.000 s before")


def test_an_answer_with_more_trust_than_its_node_has(tmp_path):
    injector, told = holding(tmp_path)
    told.add("unhealthy", 2, node="a", why="database killed")
    injector.poll(2, 6, 1, named=V1)
    broken(tmp_path, "I1", "injector-i-1.jsonl:5", "last well 4.000 s before", "4.000 s too far")


def test_that_nothing_is_on_needs_no_node_that_is_well(tmp_path):
    injector, told = holding(tmp_path)
    told.add("unhealthy", 2, node="a", why="database killed")
    injector.poll(2.1, 6, 2, [], named=V1, epoch=1)
    assert checked(tmp_path)[0] == 0, checked(tmp_path)[1]


def test_trust_that_shrinks_with_its_node_is_right(tmp_path):
    injector, told = holding(tmp_path)
    told.add("unhealthy", 2, node="a", why="database killed")
    injector.poll(2, 6, 1, named=V1, lease=11).invoked(16.9, FAULT)
    assert checked(tmp_path)[0] == 0


@pytest.mark.parametrize("off, words", [
    (None, "5.000 s after it was stopped"), ("cut", None), ("paused", None), ("unhealthy", None),
])
def test_a_stopped_fault_is_off_in_a_second_where_the_injector_was_waiting(tmp_path, off, words):
    injector, told = holding(tmp_path)
    if off:
        told.add(off, 3, node=None if off == "cut" else "a", instance="i-1", why="test")
    told.add("ended", 4, fault=FAULT, why="stopped")
    injector.invoked(9, FAULT)
    if words:
        broken(tmp_path, "I1", words, "was waiting, so 1.000 s")
    else:
        assert checked(tmp_path)[0] == 0, checked(tmp_path)[1]


def test_a_fault_injected_after_its_own_end(tmp_path):
    injector, told = holding(tmp_path)
    told.add("over", 6, fault=FAULT)
    injector.invoked(6.01, FAULT).invoked(6.1, FAULT)
    broken(tmp_path, "I1", "0.100 s after the end it was published with")


def test_a_node_that_acknowledged_a_halt_serves_a_fault(tmp_path):
    injector, told = holding(tmp_path)
    told.add("halted", 5, node="a", epoch=1)
    injector.poll(4, 5.5, 1, named=V1, held=0.9)
    assert checked(tmp_path)[0] == 0
    injector.poll(5.6, 5.7, 2, [fault()], named=None, epoch=1)
    broken(tmp_path, "I2", "injector-i-1.jsonl:7", "node a acknowledged the halt of epoch 1", "EXPone/Fail")


def test_a_node_answers_with_an_epoch_from_before_its_halt(tmp_path):
    injector, told = holding(tmp_path)
    told.add("halted", 5, node="a", epoch=1)
    injector.poll(6, 6.1, 2, [])
    broken(tmp_path, "I2", "epoch 0", "acknowledged the halt of epoch 1")


def test_a_halt_of_one_node_binds_no_other_until_it_is_proven(tmp_path):
    told = Told(tmp_path, nodes=("a", "b"))
    injector = Recorded(tmp_path).poll(1, 2, 1, [fault()])
    told.add("relayed", 1.9, instance="i-1", node="b").add("halted", 5, node="a", epoch=1)
    injector.poll(5.1, 5.2, 1, named=V1)
    told.add("relayed", 5.15, instance="i-1", node="b")
    assert checked(tmp_path)[0] == 0, checked(tmp_path)[1]
    told.add("proven", 6, epoch=1).add("relayed", 6.15, instance="i-1", node="b")
    injector.poll(6.1, 6.2, 1, named=V1)
    broken(tmp_path, "I2", "served by node b", "proven for all nodes")


def test_what_starts_after_the_lever_was_disengaged_is_served(tmp_path):
    injector, told = holding(tmp_path)
    told.add("halted", 5, node="a", epoch=1).add("disengaged", 6)
    injector.poll(6.1, 6.2, 2, [fault()], epoch=1)
    assert checked(tmp_path)[0] == 0, checked(tmp_path)[1]


def test_an_epoch_that_falls(tmp_path):
    told = Told(tmp_path, instances=("i-1", "i-2"))
    Recorded(tmp_path).poll(1, 2, 1, [], epoch=2)
    Recorded(tmp_path, "i-2").poll(3, 4, 1, [], epoch=1)
    broken(tmp_path, "I2", "injector-i-2.jsonl:3", "node a says epoch 1, after it had said 2")
    told.add("restarted", 2.5, node="a")
    broken(tmp_path, "I2", "node a says epoch 1, after it had said 2")


def test_a_fresh_process_that_is_not_sure_may_not_know_the_epoch(tmp_path):
    told = Told(tmp_path)
    injector = Recorded(tmp_path).poll(1, 2, 1, [], epoch=2)
    told.add("restarted", 2.5, node="a")
    injector.degraded(3, 4, epoch=0)
    assert checked(tmp_path)[0] == 0, checked(tmp_path)[1]
    injector.degraded(5, 6, epoch=1).degraded(7, 8, epoch=0)
    broken(tmp_path, "I2", "says epoch 0, after it had said 1")


def test_an_ended_fault_is_told_again(tmp_path):
    injector, told = holding(tmp_path)
    told.add("ended", 3, fault=FAULT, why="stopped")
    injector.poll(3.9, 4.0, 1, named=V1)
    assert checked(tmp_path)[0] == 0, checked(tmp_path)[1]
    injector.poll(4.2, 4.3, 2, [fault()], named=V1)
    broken(tmp_path, "I3", "injector-i-1.jsonl:7", "1.200 s after it was stopped", "1.000 s is the most")


def test_a_node_that_was_cut_off_may_tell_of_it_for_a_lease(tmp_path):
    injector, told = holding(tmp_path)
    told.add("unhealthy", 2.5, node="a", why="cut from the database").add("ended", 3, fault=FAULT, why="stopped")
    injector.poll(12, 12.1, 1, named=V1, lease=5)
    assert checked(tmp_path)[0] == 0, checked(tmp_path)[1]
    injector.poll(17.7, 17.8, 1, named=V1, lease=0)
    broken(tmp_path, "I3", "14.700 s after it was stopped", "14.500 s is the most")


def test_an_instance_that_named_what_came_after_is_never_told_of_it_again(tmp_path):
    injector, told = holding(tmp_path)
    injector.poll(3.1, 3.2, 2, [], named=V1)
    told.add("ended", 3, fault=FAULT, why="halted")
    injector.poll(3.3, 3.4, 3, [fault()], named=V2)
    broken(tmp_path, "I3", "told again 0.300 s later", f"named version {V2}")


def test_a_version_that_falls(tmp_path):
    injector, _ = holding(tmp_path)
    injector.poll(3, 3.1, 3, []).poll(4, 4.1, 2, [])
    broken(tmp_path, "I4", "injector-i-1.jsonl:7", f"told version {V2}, after {V3} (injector-i-1.jsonl:5)")


def test_a_version_below_the_one_that_was_named(tmp_path):
    Told(tmp_path)
    Recorded(tmp_path).poll(1, 2, 1, [], named=V3)
    broken(tmp_path, "I4", f"version {V1} answers a poll that named {V3}")


def test_one_version_with_two_texts(tmp_path):
    Told(tmp_path, instances=("i-1", "i-2"))
    Recorded(tmp_path).poll(1, 2, 1, [fault()])
    Recorded(tmp_path, "i-2").poll(1, 2, 1, [])
    broken(tmp_path, "I4", "injector-i-2.jsonl:3", f"version {V1} has other bytes than at injector-i-1.jsonl:3")


def test_a_fault_of_another_target(tmp_path):
    injector, told = holding(tmp_path)
    told.add("published", 0, fault="EXPtwo/Fail", target="other")
    injector.poll(3, 3.1, 2, [fault("EXPtwo/Fail")])
    broken(tmp_path, "I7", "EXPtwo/Fail is for other")


def test_a_document_of_another_target(tmp_path):
    injector, _ = holding(tmp_path)
    injector.poll(3, 3.1, 2, [], target="other")
    broken(tmp_path, "I7", f"an injector of {TARGET} is told of target other")


def test_a_fault_that_nobody_started(tmp_path):
    injector, _ = holding(tmp_path)
    injector.poll(3, 3.1, 2, [fault("EXPghost/Fail")])
    broken(tmp_path, "I7", "EXPghost/Fail was never started")


def test_an_invocation_that_the_percentage_does_not_choose(tmp_path):
    injector, _ = holding(tmp_path, of={"invocationPercentage": "25"})
    injector.invoked(3, FAULT, request=injectable("s", 25, True))
    assert checked(tmp_path)[0] == 0, checked(tmp_path)[1]
    injector.invoked(3.1, FAULT, request=injectable("s", 25, False))
    broken(tmp_path, "I7", "injector-i-1.jsonl:5", "salt s and 25 % do not choose")


def test_more_invocations_than_the_most(tmp_path):
    injector, _ = holding(tmp_path, of={"maxInvocations": "2"})
    injector.invoked(3, FAULT).invoked(3.1, FAULT).invoked(3.2).invoked(3.3, FAULT)
    broken(tmp_path, "I7", "injector-i-1.jsonl:7", "the 3th time", "maxInvocations is 2")


def test_invocations_closer_than_every_nth(tmp_path):
    injector, _ = holding(tmp_path, of={"everyNth": "3"})
    injector.invoked(3, FAULT).invoked(3.1).invoked(3.2).invoked(3.3, FAULT).invoked(3.4).invoked(3.5, FAULT)
    broken(tmp_path, "I7", "injector-i-1.jsonl:9", "2 invocations after the one before", "everyNth is 3")


def test_parameters_that_cannot_be_understood(tmp_path):
    injector, _ = holding(tmp_path, of={"invocationPercentage": "all"})
    injector.invoked(3, FAULT)
    broken(tmp_path, "I7", "cannot be understood")


def test_an_answer_that_cannot_be_understood_is_none(tmp_path):
    injector, _ = holding(tmp_path)
    injector.add("asked", 3, poll=9, named=None)
    injector.add("answered", 3.1, poll=9, status=503, headers={}, body=None, raw="busy").invoked(4, FAULT)
    code, said = checked(tmp_path)
    assert code == 0 and "status 503" in said[0], said
