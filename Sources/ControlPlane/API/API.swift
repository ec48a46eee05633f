package import Base
package import HTTPServer

/// The HTTP face of the control plane: knows the caller, finds the route, counts the answer.
///
/// Everything here runs on the server's loops and waits for nothing. Who asks is settled before it matters what was
/// asked: an unknown caller gets the same 403 for every path.
package final class API: Responder {
    let routes: [Route]
    let router: Router
    let authenticator: Authenticator
    let pacing: Pacing
    let metrics: RequestMetrics
    let accessLog: AccessLog
    let log: Logger

    package init(
        routes: [Route],
        authenticator: Authenticator,
        pacing: Pacing,
        metrics: RequestMetrics,
        accessLog: AccessLog,
        log: Logger
    ) throws(RouteConflict) {
        var router = Router()
        for (number, route) in routes.enumerated() {
            try router.add(route.method, route.path, number: number)
        }
        self.routes = routes
        self.router = router
        self.authenticator = authenticator
        self.pacing = pacing
        self.metrics = metrics
        self.accessLog = accessLog
        self.log = log
    }

    package func refuse(_ failure: ParseFailure, _ exchange: inout Exchange, _ writer: inout ResponseWriter) {
        Envelope.write(.malformed(failure), exchange.id, &writer)
    }

    package func finished(_ exchange: Exchange, _ status: Status, now: Instant) {
        let duration = now.nanoseconds - exchange.startedAt.nanoseconds
        metrics.record(loop: exchange.loop, route: exchange.route, status: status, duration: duration)
        if accessLog.wants(status) { logAccess(exchange, status, duration) }
    }

    private func logAccess(_ exchange: Exchange, _ status: Status, _ duration: Int64) {
        let route = routes.indices.contains(exchange.route) ? "\(routes[exchange.route].name)" : "none"
        let principal = exchange.caller?.principal
        log.info(
            "request",
            .field("request.id", exchange.id.description),
            .field("http.method", exchange.method.rawValue),
            .field("http.route", route),
            .field("http.status", status.code),
            .field("http.duration_ms", Double(duration) / 1e6),
            .field("peer.address", exchange.peer.description),
            .field("key.id", principal?.keyID?.description ?? "none"),
            .field("account.id", principal?.account.description ?? "none")
        )
    }
}
