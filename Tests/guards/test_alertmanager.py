"""A real Alertmanager tells a real plane, with a key: its alerts are alarms here, and its watchdog keeps them fresh."""

import json

import pytest
from plane import Plane
from processes import until
from servers import Alertmanager, Prometheus


@pytest.fixture(scope="module")
def plane(tmp_path_factory):
    running = Plane(tmp_path_factory.mktemp("plane"))
    yield running
    assert running.stop() == 0, running.log.read_text()


@pytest.fixture(scope="module")
def told(plane, exporter, tmp_path_factory):
    """The plane, with an Alertmanager that tells it what a Prometheus finds."""
    key = plane.bearer("POST", "/v1/keys", json.dumps({"role": "editor", "name": "Alertmanager"}).encode()).json
    alertmanager = Alertmanager(tmp_path_factory.mktemp("alertmanager"), f"{plane.url}/v1/alertmanager", key["bearer"])
    prometheus = Prometheus(tmp_path_factory.mktemp("alerting"), exporter.port, alertmanager.port)
    yield plane
    prometheus.close()
    alertmanager.close()


def alarm(plane, name):
    answer = plane.bearer("GET", f"/v1/alarms/{name}")
    return answer.json["alarm"] if answer.status == 200 else None


def test_an_alert_becomes_an_alarm_and_its_end_ends_it(told, exporter):
    exporter.set("trip", 11)
    fired = until(lambda: alarm(told, "trip"), lambda found: found and found["state"] == "ALARM", "the alarm", 20)
    assert fired["fedBy"] == "alertmanager"
    exporter.set("trip", 0)
    until(lambda: alarm(told, "trip"), lambda found: found["state"] == "OK", "its end", 20)


def test_the_watchdog_is_an_alarm_that_is_always_news(told):
    first = until(lambda: alarm(told, "Watchdog"), lambda found: found and found["state"] == "ALARM", "the watchdog", 20)
    until(lambda: alarm(told, "Watchdog"), lambda found: found["updatedAt"] > first["updatedAt"], "a later sign of life", 20)


def test_a_webhook_without_a_key_is_refused(told):
    assert told.ask("POST", "/v1/alertmanager", {"Content-Type": "application/json"}, b"{}").status == 403
