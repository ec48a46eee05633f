"""Prometheus's own parser reads /metrics."""

from prometheus_client.parser import text_string_to_metric_families


def families(plane):
    answer = plane.bearer("GET", "/metrics")
    assert answer.status == 200
    assert answer.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
    return {family.name: family for family in text_string_to_metric_families(answer.body.decode())}


def test_the_page_has_what_the_dashboards_need(plane):
    plane.ask("GET", "/healthz")
    found = families(plane)
    kinds = {name: family.type for name, family in found.items()}
    expected = {
        "faultplane_http_requests": "counter",
        "faultplane_http_request_seconds": "histogram",
        "faultplane_connections_open": "gauge",
        "faultplane_requests_parked": "gauge",
        "faultplane_loop_lag_seconds": "histogram",
        "faultplane_ready": "gauge",
        "faultplane_nodes_fresh": "gauge",
        "faultplane_database_sessions_open": "gauge",
        "faultplane_database_sessions_busy": "gauge",
    }
    assert expected.items() <= kinds.items()
    assert all(family.documentation for family in found.values())
    assert [sample.value for sample in found["faultplane_ready"].samples] == [1.0]


def test_histograms_add_up(plane):
    plane.ask("GET", "/healthz")
    for name in ["faultplane_http_request_seconds", "faultplane_loop_lag_seconds"]:
        series = {}
        for sample in families(plane)[name].samples:
            labels = tuple(sorted((key, value) for key, value in sample.labels.items() if key != "le"))
            series.setdefault(labels, []).append(sample)
        assert series
        for samples in series.values():
            buckets = [sample for sample in samples if sample.name.endswith("_bucket")]
            bounds = [float(sample.labels["le"]) for sample in buckets]
            values = [sample.value for sample in buckets]
            assert bounds == sorted(set(bounds)) and bounds[-1] == float("inf")
            assert values == sorted(values)
            assert values[-1] == next(sample.value for sample in samples if sample.name.endswith("_count"))


def count(plane, **labels):
    samples = families(plane)["faultplane_http_requests"].samples
    return sum(sample.value for sample in samples if sample.labels == labels)


def test_requests_are_counted_by_route_and_status(plane):
    health, nowhere, refused = (
        {"route": "Health", "status": "200"}, {"route": "none", "status": "404"}, {"route": "WhoAmI", "status": "403"},
    )
    before = [count(plane, **labels) for labels in (health, nowhere, refused)]
    for _ in range(3):
        assert plane.ask("GET", "/healthz").status == 200
    assert plane.bearer("GET", "/nowhere").status == 404
    assert plane.ask("GET", "/v1/whoami").status == 403
    after = [count(plane, **labels) for labels in (health, nowhere, refused)]
    assert [late - early for late, early in zip(after, before)] == [3, 1, 1]
