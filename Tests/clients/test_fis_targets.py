"""boto3 chooses targets: by tags, filters, numbers and shares; and is told why there are none."""

import pytest
from team import Team, action, delay, functions, wait

EMPTY = "Target resolution returned empty set."
PREVIEW = {"experimentOptions": {"actionsMode": "skip-all"}}


def chosen(team, run):
    """The names of the functions that a run chose."""
    pages = team.fis.get_paginator("list_experiment_resolved_targets").paginate(experimentId=run)
    arns = [found["targetInformation"]["arn"] for page in pages for found in page["resolvedTargets"]]
    return [arn.rpartition(":")[2] for arn in arns]


def preview(team, target, **members):
    """The end of a run that only looks for its target."""
    return team.ended(team.start(team.template({"Slow": delay("Chosen")}, {"Chosen": target}, **members), **PREVIEW))


@pytest.fixture(scope="module")
def shop(plane):
    """Five functions of two tiers."""
    team = Team(plane)
    for number in range(5):
        tags = {"env": "prod", "tier": "1" if number < 2 else "2", "number": str(number)}
        team.register(f"f{number}", tags, {"Runtime": f"java{17 + number}", "VpcConfig": {"SubnetIds": ["a", f"s{number}"]}})
    team.register("dev", {"env": "dev", "tier": ""}, {"Runtime": "java17"})
    return team


CHOSEN = {
    "one tag": ({"resourceTags": {"env": "dev"}}, ["dev"]),
    "tags are ANDed": ({"resourceTags": {"env": "prod", "tier": "1"}}, ["f0", "f1"]),
    "an empty value means an empty value": ({"resourceTags": {"tier": ""}}, ["dev"]),
    "values of a filter are ORed": (
        {"resourceTags": {"env": "prod"}, "filters": [{"path": "Runtime", "values": ["java17", "java20"]}]}, ["f0", "f3"],
    ),
    "filters are ANDed": (
        {
            "resourceTags": {"env": "prod"},
            "filters": [{"path": "Runtime", "values": ["java17", "java20"]}, {"path": "Runtime", "values": ["java20"]}],
        },
        ["f3"],
    ),
    "a filter looks into lists": (
        {"resourceTags": {"env": "prod"}, "filters": [{"path": "VpcConfig.SubnetIds", "values": ["s1", "s4"]}]}, ["f1", "f4"],
    ),
}


@pytest.mark.parametrize("name", CHOSEN)
def test_resources_are_chosen(shop, name):
    criteria, expected = CHOSEN[name]
    run = preview(shop, functions(**criteria))
    assert run["state"]["status"] == "completed"
    assert chosen(shop, run["id"]) == expected


COUNTED = {
    "COUNT(1)": 1, "COUNT(4)": 4, "COUNT(9)": 5,
    "PERCENT(20)": 1, "PERCENT(39)": 1, "PERCENT(50)": 2, "PERCENT(99)": 4, "PERCENT(100)": 5,
}


@pytest.mark.parametrize("mode", COUNTED)
def test_a_number_or_a_share_is_chosen_rounded_down(shop, mode):
    run = preview(shop, functions(resourceTags={"env": "prod"}, mode=mode))
    found = chosen(shop, run["id"])
    assert len(found) == len(set(found)) == COUNTED[mode]
    assert set(found) <= {"f0", "f1", "f2", "f3", "f4"}


def test_the_choice_is_not_always_the_same(shop):
    template = shop.template({"Slow": delay("Chosen")}, {"Chosen": functions(resourceTags={"env": "prod"}, mode="COUNT(2)")})
    runs = [shop.start(template, **PREVIEW) for _ in range(12)]
    # Twelve equal choices of ten happen once in 10^11 times.
    assert len({tuple(chosen(shop, shop.ended(run)["id"])) for run in runs}) > 1


NOTHING = {
    "no tag fits": (
        {"resourceTags": {"env": "prod", "team": "x"}}, "5 of 6 functions have tag env=prod; 0 of them have tag team=x.",
    ),
    "no filter fits": (
        {"resourceTags": {"tier": "1"}, "filters": [{"path": "Runtime", "values": ["go", "rust"]}]},
        "2 of 6 functions have tag tier=1; 0 of them have Runtime=go or rust.",
    ),
    "a share of one is none": (
        {"resourceTags": {"env": "dev"}, "mode": "PERCENT(50)"}, "1 of 6 functions has tag env=dev; PERCENT(50) takes 0.",
    ),
}


@pytest.mark.parametrize("name", NOTHING)
def test_an_empty_target_fails_the_run_and_says_why(shop, name):
    criteria, why = NOTHING[name]
    target = functions(**criteria)
    run = shop.run({"Slow": delay("Chosen"), "Rest": wait()}, {"Chosen": target})
    error = {"accountId": shop.account, "code": "InvalidTarget", "location": "Chosen"}
    assert run["state"] == {"status": "failed", "reason": f"{EMPTY} {why}", "error": error}
    assert {found["state"]["status"] for found in run["actions"].values()} == {"cancelled"}
    [listed] = [found for found in shop.fis.list_experiments()["experiments"] if found["id"] == run["id"]]
    assert listed["state"] == run["state"]
    assert chosen(shop, run["id"]) == []


def test_an_account_without_functions_is_told_so(team):
    run = team.run({"Slow": delay("Chosen")}, {"Chosen": functions(resourceTags={"a": "b"})})
    assert run["state"]["reason"] == f"{EMPTY} No functions are known."


def test_an_empty_target_may_be_skipped_and_what_follows_goes_on(shop):
    actions = {"Slow": delay("Chosen", "PT1H"), "After": wait("PT1S", "Slow")}
    target = functions(resourceTags={"env": "none"})
    run = shop.run(actions, {"Chosen": target}, experimentOptions={"emptyTargetResolutionMode": "skip"})
    assert run["state"]["status"] == "completed"
    reason = "Action was skipped because target Chosen is empty. 0 of 6 functions have tag env=none."
    assert run["actions"]["Slow"]["state"] == {"status": "skipped", "reason": reason}
    assert run["actions"]["After"]["state"]["status"] == "completed"
    assert run["actions"]["After"]["startTime"] - run["startTime"] < (run["endTime"] - run["startTime"]) / 2


@pytest.mark.parametrize("mode", ["fail", "skip"])
def test_what_is_named_and_not_known_fails_in_both_modes(team, mode):
    run = team.run(
        {"Slow": delay("Named")},
        {"Named": functions(team.register("known"), team.arn("ghost"))},
        experimentOptions={"emptyTargetResolutionMode": mode},
    )
    assert run["state"] == {
        "status": "failed",
        "reason": f"Target Named names a resource that is not known as aws:lambda:function: {team.arn('ghost')}",
        "error": {"accountId": team.account, "code": "InvalidTarget", "location": "Named"},
    }


def test_who_polled_is_known(team):
    team.faults(team.arn("polling"))
    run = preview(team, functions(team.arn("polling")))
    assert chosen(team, run["id"]) == ["polling"]


def test_another_accounts_functions_are_not_found(plane, shop, team):
    team.register("own", {"env": "prod"})
    run = preview(team, functions(resourceTags={"env": "prod"}))
    assert chosen(team, run["id"]) == ["own"]
    run = preview(team, functions(shop.arn("f0")))
    assert run["state"]["error"]["code"] == "InvalidTarget"


UNPERFORMED = {
    "aws:ec2:stop-instances": ("aws:ec2:instance", "Instances", "arn:aws:ec2:us-east-1:111122223333:instance/i-0a", {}),
    "aws:s3:bucket-pause-replication": (
        "aws:s3:bucket", "Buckets", "arn:aws:s3:::stock", {"duration": "PT1M", "region": "eu-west-1"},
    ),
}


@pytest.mark.parametrize("name", UNPERFORMED)
def test_what_nobody_can_perform_fails_before_anything_begins(team, name):
    kind, slot, arn, parameters = UNPERFORMED[name]
    team.register(arn, {"a": "b"}, kind=kind)
    function = team.register("checkout")
    actions = {
        "Slow": delay("Functions", "PT1H"),
        "Late": {"actionId": name, "parameters": parameters, "targets": {slot: "Other"}, "startAfter": ["Slow"]},
    }
    other = {"resourceType": kind, "resourceTags": {"a": "b"}, "selectionMode": "ALL"}
    run = team.run(actions, {"Functions": functions(function), "Other": other})
    why = f"no executor for {name}: Faultplane has none of its own, and no registered agent says that it performs it."
    error = {"accountId": team.account, "code": "ConfigurationFailure", "location": "Late"}
    assert run["state"] == {"status": "failed", "reason": f"Action Late failed: {why}", "error": error}
    assert run["actions"]["Late"]["state"] == {"status": "failed", "reason": why}
    assert run["actions"]["Slow"]["state"]["status"] == "cancelled"
    assert team.faults(function) == []


def test_two_faults_of_one_function_are_told_side_by_side(team):
    arn = team.register("checkout")
    error = action("invocation-error", "PT1H", (), "Same", preventExecution="true", invocationPercentage="50")
    none = action("invocation-error", "PT1H", (), "Named", preventExecution="true", invocationPercentage="0")
    actions = {"Slow": delay("Named", "PT1H"), "Break": error, "Nothing": none}
    run = team.start(team.template(actions, {"Named": functions(arn), "Same": functions(arn)}))
    team.reached(run, "running")
    assert [fault["id"] for fault in team.faults(arn)] == [f"{run}/Break", f"{run}/Slow"]
    team.fis.stop_experiment(id=run)
