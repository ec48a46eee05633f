"""The real sources run, answer, and refuse whom they should."""

import base64
import http.server
import json
import threading

import pytest
from processes import until
from servers import PASSWORD, Alertmanager, Prometheus, asked


def test_prometheus_scrapes_what_the_exporter_is_set_to(prometheus, exporter):
    for value in (3.0, 0.0):
        exporter.set("scraped", value)
        prometheus.await_value("scraped", value)
    exporter.forget("scraped")
    until(lambda: prometheus.query('watched{name="scraped"}'), lambda found: found == [], "the series to end")


def test_prometheus_turns_a_user_away_from_one_request_to_the_next(prometheus):
    def status(user):
        given = base64.b64encode(f"{user}:{PASSWORD}".encode()).decode()
        return asked(prometheus.port, "/api/v1/query?query=up", Authorization=f"Basic {given}")[0]

    prometheus.let_in("guest")
    assert (status("guest"), status("test"), status("nobody")) == (200, 200, 401)
    prometheus.turn_away("guest")
    assert (status("guest"), status("test")) == (401, 200)


def test_cloudwatch_keeps_alarms_and_checks_keys(cloudwatch):
    arn = cloudwatch.alarm("kept")
    composite = cloudwatch.composite("above", "ALARM(kept)")
    assert (arn, composite) == tuple(f"arn:aws:cloudwatch:us-east-1:123456789012:alarm:{name}" for name in ("kept", "above"))
    cloudwatch.set("kept", "ALARM")
    cloudwatch.set("above", "ALARM")
    found = cloudwatch.alarms.describe_alarms(AlarmNames=["kept", "above"], AlarmTypes=["MetricAlarm", "CompositeAlarm"])
    assert [(one["AlarmName"], one["StateValue"]) for one in found["MetricAlarms"]] == [("kept", "ALARM")]
    assert [(one["AlarmName"], one["StateValue"]) for one in found["CompositeAlarms"]] == [("above", "ALARM")]
    key = cloudwatch.new_key("guest")
    assert cloudwatch.refuses(key) is None
    cloudwatch.forget_key("guest", key[0])
    assert cloudwatch.refuses(key) == "InvalidClientTokenId"
    assert cloudwatch.refuses((cloudwatch.admin[0], "another")) == "SignatureDoesNotMatch"


@pytest.fixture
def heard():
    """What a webhook was told, with who said so."""
    told = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            told.append((self.headers["Authorization"], body))
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_address[1], told
    server.shutdown()
    server.server_close()


def test_alertmanager_tells_of_an_alert_and_gives_signs_of_life(heard, exporter, tmp_path):
    port, told = heard
    (tmp_path / "a").mkdir()
    (tmp_path / "p").mkdir()
    alertmanager = Alertmanager(tmp_path / "a", f"http://127.0.0.1:{port}/hook", "a.b")
    prometheus = Prometheus(tmp_path / "p", exporter.port, alertmanager.port)

    def statuses(name):
        return [(who, alert["status"], alert["labels"].get("faultplane_alarm")) for who, body in told
                for alert in body["alerts"] if alert["labels"]["alertname"] == name]

    try:
        until(lambda: statuses("Watchdog"), lambda found: len(found) >= 3, "three signs of life", 20)
        exporter.set("alerted", 11)
        until(lambda: statuses("Watched"), lambda found: ("Bearer a.b", "firing", "alerted") in found, "the alert", 20)
        exporter.set("alerted", 0)
        until(lambda: statuses("Watched"), lambda found: ("Bearer a.b", "resolved", "alerted") in found, "its end", 20)
        assert {body["version"] for _, body in told} == {"4"}
    finally:
        prometheus.close()
        alertmanager.close()
