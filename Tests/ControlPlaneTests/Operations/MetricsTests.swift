import Base
import TestSupport
import Testing

@testable import ControlPlane

/// What `/metrics` counts, and how it writes it down.
@Suite(.timeLimit(.minutes(10))) struct MetricsTests {
    private func page(_ plane: Plane) throws -> PrometheusText {
        let answer = try plane.askControl(Ask("GET", "/metrics"))
        #expect(answer.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8")
        return try PrometheusText(answer.text)
    }

    @Test func `the page has every family, each with what it is for`() async throws {
        try await withPlane { plane in
            let page = try page(plane)
            let kinds = page.families.mapValues(\.kind)
            #expect(
                kinds == [
                    "faultplane_http_requests_total": "counter",
                    "faultplane_http_request_seconds": "histogram",
                    "faultplane_connections_open": "gauge", "faultplane_requests_parked": "gauge",
                    "faultplane_connections_accepted_total": "counter",
                    "faultplane_requests_yielded_total": "counter",
                    "faultplane_accept_failures_total": "counter", "faultplane_loop_lag_seconds": "histogram",
                    "faultplane_ready": "gauge", "faultplane_nodes_fresh": "gauge",
                    "faultplane_database_sessions_open": "gauge",
                    "faultplane_database_sessions_busy": "gauge", "faultplane_database_waiting": "gauge",
                    "faultplane_database_lent_total": "counter",
                    "faultplane_database_connect_failures_total": "counter",
                    "faultplane_database_sessions_lost_total": "counter",
                    "faultplane_database_turned_away_total": "counter",
                    "faultplane_experiments_active": "gauge",
                    "faultplane_experiment_steps_total": "counter",
                    "faultplane_experiment_conflicts_total": "counter",
                    "faultplane_experiments_unreadable_total": "counter",
                    "faultplane_event_seals_total": "counter",
                    "faultplane_experiments_forgotten_total": "counter",
                    "faultplane_lever_engaged": "gauge", "faultplane_lever_epoch": "gauge",
                    "faultplane_lever_unrecorded": "gauge", "faultplane_instances_known": "gauge",
                    "faultplane_polls_degraded_total": "counter",
                    "faultplane_polls_behind_total": "counter",
                    "faultplane_parameter_reads_total": "counter",
                    "faultplane_telemetry_reports_total": "counter",
                    "faultplane_telemetry_samples_total": "counter",
                    "faultplane_telemetry_instances": "gauge",
                    "faultplane_telemetry_samples_waiting": "gauge",
                    "faultplane_guard_answers_total": "counter",
                    "faultplane_guard_ends_total": "counter",
                ]
            )
            #expect(page.families.values.allSatisfy { $0.help.hasSuffix(".") })
            #expect(page.value("faultplane_ready") == 1)
            #expect(page.value("faultplane_nodes_fresh") == 1)
            // One loop was asked for; the control socket has another.
            #expect(
                page.families["faultplane_connections_open"]?.samples.map(\.labels) == [
                    ["loop": "0"], ["loop": "1"],
                ]
            )
        }
    }

    @Test func `polls that nobody could be sure of are counted, and the lever is shown`() async throws {
        try await withPlane { plane in
            var ask = Ask("GET", "/v1/faults/checkout?instance=i-1", as: try plane.admin.bearer)
            ask.headers = ["If-None-Match: \"\(9 << 32)\""]
            #expect(try plane.ask(ask).json?["degraded"] != nil)
            #expect(try plane.ask("POST", "/emergency-stop", ["reason": "smoke"]).status == 200)
            let page = try page(plane)
            #expect(page.value("faultplane_polls_behind_total") == 1)
            #expect(page.value("faultplane_lever_engaged") == 1 && page.value("faultplane_lever_epoch") == 2)
            #expect(
                page.value("faultplane_lever_unrecorded") == 0
                    && page.value("faultplane_instances_known") == 1
            )
        }
    }

    @Test func `requests are counted by route and status, and their times add up`() async throws {
        try await withPlane { plane in
            let before = try page(plane)
            for _ in 0..<3 { _ = try plane.ask(Ask("GET", "/healthz")) }
            _ = try plane.ask(Ask("GET", "/v1/whoami"))
            _ = try plane.ask(Ask("GET", "/v1/keys", as: plane.admin.bearer))
            _ = try plane.ask(Ask("GET", "/nowhere", as: plane.admin.bearer))
            _ = try plane.ask(Ask("PUT", "/v1/keys", as: plane.admin.bearer))
            let after = try page(plane)
            func counted(_ route: String, _ status: Int) -> Double {
                let labels = ["route": route, "status": String(status)]
                let name = "faultplane_http_requests_total"
                return (after.value(name, labels) ?? 0) - (before.value(name, labels) ?? 0)
            }
            #expect(counted("Health", 200) == 3)
            #expect(counted("WhoAmI", 403) == 1)
            #expect(counted("ListKeys", 200) == 1)
            #expect(counted("none", 404) == 1)
            #expect(counted("none", 405) == 1)
            #expect(counted("Metrics", 200) == 1)
            checkBuckets(of: "faultplane_http_request_seconds", in: after)
            checkBuckets(of: "faultplane_loop_lag_seconds", in: after)
            let labels = ["route": "Health"]
            #expect(after.value("faultplane_http_request_seconds_count", labels) == 3)
            let whole = after.value(
                "faultplane_http_request_seconds_bucket",
                ["route": "Health", "le": "+Inf"]
            )
            #expect(whole == 3)
            #expect((after.value("faultplane_http_request_seconds_sum", labels) ?? 0) > 0)
        }
    }

    /// Each series counts up to its whole, which its last bucket and its count both say.
    private func checkBuckets(of name: String, in page: PrometheusText) {
        let samples = page.families[name]?.samples ?? []
        let totals = samples.filter { $0.name == name + "_count" }
        #expect(!totals.isEmpty)
        for total in totals {
            let buckets = samples.filter { sample in
                sample.name == name + "_bucket"
                    && sample.labels.filter { $0.key != "le" } == total.labels
            }
            let bounds = buckets.compactMap {
                $0.labels["le"] == "+Inf" ? .infinity : Double($0.labels["le"] ?? "")
            }
            #expect(bounds.count == buckets.count && bounds == bounds.sorted() && bounds.last == .infinity)
            #expect(buckets.map(\.value) == buckets.map(\.value).sorted())
            #expect(buckets.last?.value == total.value)
        }
    }

    @Test(arguments: ["a 1", "a{b=c} 1\n", "# TYPE a counter\na 1\n", "# HELP a b\n# TYPE a counter\nb 1\n"])
    func `the reader refuses what is no such text`(_ text: String) {
        #expect(throws: PrometheusText.Malformed.self) { try PrometheusText(text) }
    }
}
