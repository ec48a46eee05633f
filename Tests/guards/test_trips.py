"""A value crosses a line, and soon no instance injects any more: for each source, with real injectors on a real plane."""

import pytest
from guarded import Sources
from processes import built
from source_faults import ALLOWANCE
from trips import KINDS, ONCE, measured


@pytest.fixture(scope="module")
def found(exporter, prometheus, cloudwatch, tmp_path_factory):
    return measured(Sources(exporter, prometheus, cloudwatch), tmp_path_factory.mktemp("trips"), built(), 1)


@pytest.mark.parametrize("kind", KINDS)
def test_the_last_instance_is_off_in_time(found, kind):
    [taken] = found[kind]
    assert 0 <= taken <= ONCE + KINDS[kind] + ALLOWANCE
