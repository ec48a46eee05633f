"""docs/clients.md on what each library is told: every cell of its table and every reason it quotes, held to the server."""

import re

import pytest
import ssm
from plane import REPOSITORY
from team import Team, action, functions

DOCUMENT = (REPOSITORY / "docs" / "clients.md").read_text()
DIALECTS = list(ssm.OFF)
ANSWER = {"statusCode": "503", "contentTypeHeader": "text/plain"}
# One fault for each thing that a cell says, by the name of its action: what it is, and its parameters.
FAULTS = {
    "Delay": ("invocation-add-delay", {}),
    "ErrorInstead": ("invocation-error", {"preventExecution": "true"}),
    "ErrorAfter": ("invocation-error", {"preventExecution": "false"}),
    "AnswerInstead": ("invocation-http-integration-response", {**ANSWER, "preventExecution": "true"}),
    "AnswerAfter": ("invocation-http-integration-response", {**ANSWER, "preventExecution": "false"}),
    "HalfAfter": ("invocation-http-integration-response", {**ANSWER, "preventExecution": "false", "invocationPercentage": "50"}),
    "Timeout": ("invocation-timeout", {}),
    "Deny": ("invocation-deny-hosts", {"denyList": "s3.*.amazonaws.com"}),
    "Disk": ("invocation-disk-space", {"diskSpaceMegabytes": "10"}),
    "Corrupt": ("invocation-corrupt-response", {"body": "x"}),
    "HalfDelay": ("invocation-add-delay", {"invocationPercentage": "50"}),
    "Counted": ("invocation-add-delay", {"maxInvocations": "3"}),
    "Nth": ("invocation-add-delay", {"everyNth": "3"}),
    "Latency": ("invocation-add-delay", {}),
    "Raise": ("invocation-error", {"preventExecution": "true"}),
}
FIS = {"invocation-add-delay", "invocation-error", "invocation-http-integration-response"}
# What each row of the table is about.
ROWS = {
    "`aws:lambda:invocation-add-delay`": ["Delay"],
    "`aws:lambda:invocation-error`": ["ErrorInstead", "ErrorAfter"],
    "`aws:lambda:invocation-http-integration-response`": ["AnswerInstead", "AnswerAfter", "HalfAfter"],
    "`faultplane:lambda:invocation-timeout`": ["Timeout"],
    "`faultplane:lambda:invocation-deny-hosts`": ["Deny"],
    "`faultplane:lambda:invocation-disk-space`": ["Disk"],
    "`faultplane:lambda:invocation-corrupt-response`": ["Corrupt"],
    "`invocationPercentage`": ["HalfDelay"],
    "two faults at a time": ["Raise"],
    "`everyNth`, `maxInvocations`": ["Counted", "Nth"],
    # An armed fault waits for instances that poll, of which there is none here.
    "arming": [],
}
# What a cell lets through that begins with this text.
CELLS = {
    "yes": lambda name: True,
    "no": lambda name: False,
    "`preventExecution` true": lambda name: name.endswith("Instead"),
    "`preventExecution` false, at 100 %": lambda name: name == "AnswerAfter",
    "the one that began first": lambda name: False,
    "of different kinds": lambda name: True,
    "when it begins": lambda name: True,
}


def table():
    """The names of the faults that each dialect should be told."""
    lines = DOCUMENT.split("## What each library is told")[1].split("\n\n")[1].splitlines()
    rows = {line.strip("| ").split(" | ")[0]: line.strip("| ").split(" | ")[1:] for line in lines[2:]}
    assert list(rows) == list(ROWS)
    told = {dialect: set() for dialect in DIALECTS}
    for what, cells in rows.items():
        for dialect, cell in zip(DIALECTS, cells, strict=True):
            # The longest beginning that is known: "no: it never frees the space" is a no.
            means = CELLS[max((begin for begin in CELLS if cell.startswith(begin)), key=len)]
            told[dialect] |= {name for name in ROWS[what] if means(name)}
    return told


@pytest.fixture(scope="module")
def found(plane):
    """How each fault's readers stand, of whom there is one for each dialect, in a function of its own."""
    team = Team(plane)
    reader = ssm.client(ssm.by_path(plane, team.new_key("agent", targetPattern="*")))
    names, found = list(FAULTS), {}
    # A run does ten things at a time.
    for part in (names[:8], names[8:]):
        on = {name: "Latency" if name == "Raise" else name for name in part}
        targets = {f"On{name}": functions(*(team.register(f"{name}-{dialect}") for dialect in DIALECTS)) for name in set(on.values())}
        run = team.start(team.template({name: fault(name, f"On{on[name]}") for name in part}, targets))
        for name in set(on.values()):
            for dialect in DIALECTS:
                ssm.value(reader, ssm.own_name(dialect, f"{name}-{dialect}"))
        for row in team.ask("GET", f"/experiments/{run}/coverage").json["targets"]:
            dialect = next(each for each in DIALECTS if row["target"].endswith(f":function:{on[row['action']]}-{each}"))
            found[row["action"], dialect] = row["held"], row["rejecting"], [why.replace(run, "EXP...") for why in row["reasons"]]
        team.fis.stop_experiment(id=run)
    return found


def fault(name, target):
    kind, parameters = FAULTS[name]
    made = action(kind, "PT1H", (), target, **parameters)
    return made if kind in FIS else {**made, "actionId": f"faultplane:lambda:{kind}"}


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("name", [name for row in ROWS.values() for name in row])
def test_a_library_is_told_what_the_table_says(found, name, dialect):
    is_told = name in table()[dialect]
    held, rejecting, reasons = found[name, dialect]
    assert (held, rejecting, len(reasons)) == ((1, 0, 0) if is_told else (0, 1, 1)), reasons


def test_the_reasons_that_are_quoted_are_those_that_are_given(found):
    quoted = re.findall(r'^- "(.+)"$', DOCUMENT, re.MULTILINE)
    given = {why for _, _, reasons in found.values() for why in reasons}
    assert quoted and set(quoted) <= given, set(quoted) - given
