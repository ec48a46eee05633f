import Base
import HTTPServer
import Store

/// Gathers everything that is counted into one page.
package final class MetricsSource: Sendable {
    /// What is there only once the server is built, of which the page is a part.
    private struct Watched {
        let server: HTTPServer
        let requests: RequestMetrics
        let routeNames: [String]
    }

    private let state: NodeState
    private let database: DatabaseDoor
    private let runs: RunMetrics
    private let delivery: Delivery?
    private let telemetry: Telemetry?
    private let guards: GuardMetrics
    private let watched = Locked<Watched?>(nil)

    package convenience init(state: NodeState, database: DatabaseDoor) {
        self.init(
            state: state,
            database: database,
            runs: RunMetrics(),
            delivery: nil,
            telemetry: nil,
            guards: GuardMetrics()
        )
    }

    init(
        state: NodeState,
        database: DatabaseDoor,
        runs: RunMetrics,
        delivery: Delivery?,
        telemetry: Telemetry?,
        guards: GuardMetrics
    ) {
        self.state = state
        self.database = database
        self.runs = runs
        self.delivery = delivery
        self.telemetry = telemetry
        self.guards = guards
    }

    func watch(_ server: HTTPServer, _ api: API) {
        let names = api.routes.map { "\($0.name)" } + ["none"]
        watched.withLock { $0 = Watched(server: server, requests: api.metrics, routeNames: names) }
    }

    var page: String {
        var page = MetricsPage()
        if let watched = watched.withLock({ $0 }) {
            Self.addRequests(watched, &page)
            Self.addLoops(watched.server.counts, &page)
        }
        addDatabase(&page)
        runs.add(to: &page)
        guards.add(to: &page)
        if let delivery { delivery.metrics.add(delivery.book, to: &page) }
        telemetry?.add(to: &page)
        return page.text
    }

    private static func addRequests(_ watched: Watched, _ page: inout MetricsPage) {
        let names = watched.routeNames
        let totals = names.indices.map { (name: names[$0], total: watched.requests.total(route: $0)) }
            .filter { !$0.total.byStatus.isEmpty }
        page.family(
            "faultplane_http_requests_total",
            "counter",
            "Requests answered, by route and status.",
            totals.flatMap { route in
                route.total.byStatus.map { count in
                    (labels: "route=\"\(route.name)\",status=\"\(count.status)\"", value: String(count.count))
                }
            }
        )
        page.histogram(
            "faultplane_http_request_seconds",
            "Time from a request's head to its answer.",
            totals.map { (labels: "route=\"\($0.name)\"", snapshot: $0.total.durations) }
        )
    }

    private static func addLoops(_ loops: [LoopSnapshot], _ page: inout MetricsPage) {
        func samples(_ value: (LoopSnapshot) -> Int) -> [(labels: String, value: String)] {
            loops.enumerated().map { (labels: "loop=\"\($0.offset)\"", value: String(value($0.element))) }
        }
        page.family("faultplane_connections_open", "gauge", "Connections open now.", samples { $0.open })
        page.family(
            "faultplane_requests_parked",
            "gauge",
            "Requests waiting for a change now.",
            samples { $0.parked }
        )
        page.family(
            "faultplane_connections_accepted_total",
            "counter",
            "Connections accepted.",
            samples { $0.accepted }
        )
        page.family(
            "faultplane_requests_yielded_total",
            "counter",
            "Parked requests sent home early to make room for a new connection.",
            samples { $0.yielded }
        )
        page.family(
            "faultplane_accept_failures_total",
            "counter",
            "Connections that could not be accepted.",
            samples { $0.acceptFailures }
        )
        page.histogram(
            "faultplane_loop_lag_seconds",
            "How long one turn of an event loop kept everybody else waiting.",
            loops.enumerated().map { (labels: "loop=\"\($0.offset)\"", snapshot: $0.element.lag) }
        )
    }

    private func addDatabase(_ page: inout MetricsPage) {
        let facts = state.current
        page.gauge(
            "faultplane_ready",
            "1 while this node should be sent requests.",
            state.readiness.isReady ? 1 : 0
        )
        page.gauge("faultplane_nodes_fresh", "Nodes whose heartbeat is young.", facts.beat?.freshNodes ?? 0)
        guard let pool = database.metrics else { return }
        page.gauge("faultplane_database_sessions_open", "Database sessions open.", pool.open)
        page.gauge("faultplane_database_sessions_busy", "Database sessions in use.", pool.busy)
        page.gauge("faultplane_database_waiting", "Requests waiting for a session.", pool.waiting)
        page.counter("faultplane_database_lent_total", "Sessions lent.", pool.lent)
        page.counter(
            "faultplane_database_connect_failures_total",
            "Failed attempts to connect.",
            pool.connectFailures
        )
        page.counter("faultplane_database_sessions_lost_total", "Sessions that died.", pool.sessionsLost)
        page.counter(
            "faultplane_database_turned_away_total",
            "Requests turned away because too many waited.",
            pool.turnedAway
        )
    }
}
