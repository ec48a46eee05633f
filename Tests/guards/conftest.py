"""The real sources of stop conditions, each started once: Prometheus, Alertmanager, moto's CloudWatch, and what they watch."""

import pathlib
import sys

import pytest

TESTS = pathlib.Path(__file__).resolve().parent.parent
# Planes and processes of the other folders; the nearer names win.
sys.path[:0] = [str(TESTS / "guards"), str(TESTS / "safety"), str(TESTS / "clients")]

from exporter import Exporter  # noqa: E402
from servers import CloudWatch, Prometheus  # noqa: E402


@pytest.fixture(scope="session")
def exporter():
    made = Exporter()
    yield made
    made.close()


@pytest.fixture(scope="session")
def prometheus(exporter, tmp_path_factory):
    made = Prometheus(tmp_path_factory.mktemp("prometheus"), exporter.port)
    yield made
    made.close()


@pytest.fixture(scope="session")
def cloudwatch(tmp_path_factory):
    made = CloudWatch(tmp_path_factory.mktemp("cloudwatch"))
    yield made
    made.close()
