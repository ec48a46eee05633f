"""The table of docs/stop-conditions.md: what becomes of guarded runs when something happens to a source, and in what time."""

import re

import pytest
from guarded import Sources
from processes import built
from source_faults import ASKED, WELL, Meaning
from source_runs import Found, key, measured, quoted
from table_text import table

PLACES = [(fault, case, when) for fault in (*WELL, *ASKED) for case in fault.cases
          for when, is_asked in (("under way", case.under_way), ("at start", case.at_start)) if is_asked]
NAMES = [", ".join(key(*place)) for place in PLACES]


@pytest.fixture(scope="module")
def results(exporter, prometheus, cloudwatch, tmp_path_factory):
    """All of it at once: most of it is waiting."""
    return measured(Sources(exporter, prometheus, cloudwatch), tmp_path_factory.mktemp("sources"), built())


@pytest.mark.parametrize("fault, case, when", PLACES, ids=NAMES)
def test_a_run_becomes_what_is_promised_and_in_time(results, fault, case, when):
    found: Found = results[key(fault, case, when)]
    promised = case.meaning.under_way if when == "under way" else case.meaning.at_start
    assert found.became == promised, found
    if case.meaning is Meaning.nothing:
        return
    assert case.meaning.earliest <= found.seconds <= case.meaning.measured_latest + case.after, found
    assert "stopConditions[0]" in found.reason and case.says in found.reason, found
    # Published and cleared again, or never published at all.
    assert found.changes == (2 if when == "under way" else 0), found
    assert found.location == ("stopConditions[0]" if promised == "failed" else None), found


def told(cell):
    """What becomes of a run by one cell, and in how many seconds."""
    became, _, seconds = cell.partition(", ")
    return became, float(seconds.removesuffix(" s")) if seconds else None


@pytest.mark.parametrize("fault, case", [(fault, case) for fault in (*WELL, *ASKED) for case in fault.cases],
                         ids=lambda part: getattr(part, "key", None) or part.label or part.source)
def test_the_document_says_what_was_found(results, fault, case):
    _, rows = table("sources")
    cells = rows[fault.name, case.label or case.source]
    for when, cell in zip(("under way", "at start"), cells):
        found = results.get(key(fault, case, when))
        became, seconds = told(cell)
        assert became == (found.became if found else ""), when
        if seconds is not None:
            assert case.meaning.earliest <= seconds <= case.meaning.latest + case.after
    said = quoted(results.get(key(fault, case, "under way")) or results[key(fault, case, "at start")])
    assert shape(cells[2]) == shape(said)


def shape(text):
    """A reason without what differs from run to run: numbers."""
    return re.sub(r"\d+(?:\.\d+)?", "#", text)


def test_the_document_has_every_row_and_no_other():
    head, rows = table("sources")
    assert head == ["what happens", "source", "a run under way", "a run that is started then", "the reason"]
    assert list(rows) == [(fault.name, case.label or case.source) for fault in (*WELL, *ASKED) for case in fault.cases]
