"""Every paginator of boto3 gives each element once, whatever is made or deleted meanwhile."""

import itertools

import pytest
from shapes import OPERATIONS, PAGINATED
from team import Team, delay, functions, refusal, wait

ROLES = 13
FUNCTIONS = 25


@pytest.fixture(scope="module")
def filled(plane):
    """A team with more than one page of everything."""
    team = Team(plane)
    for number in range(FUNCTIONS):
        team.register(f"f{number:02}", {"all": "yes"})
    both = {"All": functions(resourceTags={"all": "yes"}), "One": functions(team.arn("f00"))}
    team.big = team.template({"Slow": delay("All"), "Late": delay("One")}, both)
    team.big_run = team.ended(team.start(team.big, experimentOptions={"actionsMode": "skip-all"}))["id"]
    team.several = team.template({"Wait": wait()}, experimentOptions={"accountTargeting": "multi-account"})
    for number in range(ROLES):
        place = {"experimentTemplateId": team.several, "accountId": f"{222200000000 + number}"}
        team.fis.create_target_account_configuration(**place, roleArn="arn:aws:iam::222233334444:role/a")
    for _ in range(9):
        team.template()
        team.start(team.several, experimentOptions={"actionsMode": "skip-all"})
    return team


# What is asked for, how many there are, and what tells one from another.
PAGES = {
    "ListActions": (lambda t: {}, 54, lambda found: found["id"]),
    "ListTargetResourceTypes": (lambda t: {}, 24, lambda found: found["resourceType"]),
    "ListExperimentTemplates": (lambda t: {}, 11, lambda found: found["id"]),
    "ListExperiments": (lambda t: {"experimentTemplateId": t.several}, 9, lambda found: found["id"]),
    "ListExperimentResolvedTargets": (
        lambda t: {"experimentId": t.big_run}, FUNCTIONS + 1, lambda found: (found["targetName"], *found["targetInformation"].values()),
    ),
    "ListTargetAccountConfigurations": (
        lambda t: {"experimentTemplateId": t.several}, ROLES, lambda found: found["accountId"],
    ),
}


def paginate(team, operation, size, **members):
    """The pages of one operation, by boto3's own paginator."""
    method = "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in operation)[1:]
    key = PAGINATED[operation]["result_key"]
    for page in team.fis.get_paginator(method).paginate(**members, PaginationConfig={"PageSize": size}):
        yield page[key]


def test_every_paginator_is_in_the_table():
    assert sorted(PAGES) == sorted(PAGINATED)
    paged = {name for name, operation in OPERATIONS.items() if "nextToken" in operation.input_shape.members}
    assert paged - set(PAGES) == {"ListExperimentTargetAccountConfigurations"}


@pytest.mark.parametrize("size", [1, 4, 100])
@pytest.mark.parametrize("operation", PAGES)
def test_the_pages_hold_everything_once(filled, operation, size):
    members, count, name = PAGES[operation]
    pages = [[name(found) for found in page] for page in paginate(filled, operation, size, **members(filled))]
    found = list(itertools.chain(*pages))
    assert len(found) == len(set(found)) == count
    assert [len(page) for page in pages] == [size] * (count // size) + [count % size] * (count % size > 0)
    again = list(paginate(filled, operation, 100, **members(filled)))
    assert [name(each) for page in again for each in page] == found


def test_resolved_targets_can_be_of_one_target(filled):
    asked = {"experimentId": filled.big_run, "targetName": "All"}
    found = [each for page in paginate(filled, "ListExperimentResolvedTargets", 7, **asked) for each in page]
    assert len(found) == FUNCTIONS
    assert {each["targetName"] for each in found} == {"All"}


MADE = {
    "ListExperimentTemplates": lambda team: team.template(),
    "ListExperiments": lambda team: team.start(team.shared),
}


@pytest.mark.parametrize("operation", MADE)
def test_pages_are_stable_under_inserts(team, operation):
    team.shared = team.template()
    before = {MADE[operation](team) for _ in range(8)}
    before |= {team.shared} if operation == "ListExperimentTemplates" else set()
    found = []
    for page in paginate(team, operation, 3):
        found += [each["id"] for each in page]
        assert len(found) < 30, "the list grows as fast as it is read"
        MADE[operation](team)
    assert len(found) == len(set(found))
    assert before <= set(found)


def test_pages_are_stable_under_deletes(team):
    before = {team.template() for _ in range(9)}
    found, deleted = [], set()
    for page in paginate(team, "ListExperimentTemplates", 3):
        found += [each["id"] for each in page]
        team.fis.delete_experiment_template(id=found[-1])
        deleted.add(found[-1])
        spared = min(before - set(found) - deleted, default=None)
        if spared:
            team.fis.delete_experiment_template(id=spared)
            deleted.add(spared)
    assert len(found) == len(set(found))
    assert before - deleted <= set(found) <= before


def test_a_token_goes_on_where_it_was_given_and_nowhere_else(plane, filled):
    token = filled.fis.list_experiment_templates(maxResults=1)["nextToken"]
    assert filled.fis.list_experiment_templates(nextToken=token)["experimentTemplates"]
    other = Team(plane)
    refused = [
        refusal(other.fis.list_experiment_templates, nextToken=token),
        refusal(filled.fis.list_experiments, nextToken=token),
        refusal(filled.fis.list_experiment_templates, nextToken=token[:-2] + ("00" if token[-2:] != "00" else "11")),
        refusal(filled.fis.list_experiment_templates, nextToken="x" * 1024),
    ]
    assert [each[:2] for each in refused] == [(400, "ValidationException")] * 4
    some = filled.fis.list_experiments(experimentTemplateId=filled.several, maxResults=1)["nextToken"]
    assert refusal(filled.fis.list_experiments, nextToken=some)[:2] == (400, "ValidationException")


@pytest.mark.parametrize("given", ["0", "101", "-1", "1.5", "", "ten", "99999999999999999999"])
def test_a_page_has_one_to_a_hundred(team, given):
    status, code, message = team.ask("GET", f"/experiments?maxResults={given}").failure
    assert (status, code) == (400, "ValidationException")
    assert message == f'maxResults is "{given}": a whole number from 1 to 100 is accepted.'
