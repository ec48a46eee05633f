import Base
package import HTTPServer

extension API {
    package func admit(
        _ request: inout Request,
        _ exchange: inout Exchange,
        _ writer: inout ResponseWriter
    ) -> Admission {
        do throws(APIError) {
            return .admitted(bodyLimit: try admitted(&request, &exchange))
        } catch {
            refuse(error, exchange, &writer)
            return .refused
        }
    }

    /// Who asks, as far as the head tells; says how large the body may be.
    ///
    /// A path that leads nowhere is not mentioned yet: whoever is not known is not told even that.
    private func admitted(_ request: inout Request, _ exchange: inout Exchange) throws(APIError) -> Int {
        guard case .route(let number, let captures) = router.find(request) else {
            try authenticator.admit(request, &exchange)
            return Route.defaultBodyLimit
        }
        exchange.route = number
        request.captures = captures
        let route = routes[number]
        if route.access == .anybody { return route.bodyLimit }
        try authenticator.admit(request, &exchange)
        return route.bodyLimit
    }

    /// Answers with an error, and tells the log what the caller is not told.
    func refuse(_ error: APIError, _ exchange: Exchange, _ writer: inout ResponseWriter) {
        report(error, exchange)
        Envelope.write(error, exchange.id, &writer)
    }

    func report(_ error: APIError, _ exchange: Exchange) {
        guard let detail = error.detail else { return }
        log.warning(
            "request refused",
            .field("request.id", exchange.id.description),
            .field("error.code", error.code.rawValue),
            .field("error.detail", detail),
            .field("peer.address", exchange.peer.description)
        )
    }
}
