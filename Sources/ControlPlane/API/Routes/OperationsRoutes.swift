import Base
import HTTPServer

/// What load balancers, Prometheus and operators ask for.
struct OperationsRoutes: Sendable {
    let state: NodeState
    let metrics: MetricsSource

    var all: [Route] {
        [
            Route(.get, "/healthz", "Health", .anybody, .immediate(health)),
            Route(.get, "/readyz", "Readiness", .anybody, .immediate(readiness)),
            Route(.get, "/metrics", "Metrics", .holder(of: .read), .task(metricsPage)),
        ]
    }

    private func health(
        _ request: Request,
        _ exchange: inout Exchange,
        _ writer: inout ResponseWriter
    ) -> Outcome {
        Self.write(["status": "ok"], .ok, &writer)
    }

    private func readiness(
        _ request: Request,
        _ exchange: inout Exchange,
        _ writer: inout ResponseWriter
    ) -> Outcome {
        let readiness = state.readiness
        return Self.write(readiness.json, readiness.isReady ? .ok : .unavailable, &writer)
    }

    private func metricsPage(_ call: Call) async throws(APIError) -> Reply {
        Reply(text: metrics.page, contentType: "text/plain; version=0.0.4; charset=utf-8")
    }

    private static func write(_ json: JSON, _ status: Status, _ writer: inout ResponseWriter) -> Outcome {
        writer.start(status)
        writer.header("Content-Type", "application/json")
        writer.header("Cache-Control", "no-store")
        writer.finish(body: json.encoded)
        return .written
    }
}
