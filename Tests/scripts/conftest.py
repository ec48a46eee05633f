"""What the tests of the scripts share."""

import pathlib

import pytest
from workshop import Workshop


@pytest.fixture
def workshop(tmp_path: pathlib.Path) -> Workshop:
    return Workshop(tmp_path)
