import Base
package import HTTPServer

extension API {
    package func respond(
        _ request: Request,
        _ exchange: inout Exchange,
        _ writer: inout ResponseWriter
    ) -> Outcome {
        do throws(APIError) {
            return try answer(request, &exchange, &writer)
        } catch {
            refuse(error, exchange, &writer)
            return .written
        }
    }

    package func resume(
        _ exchange: inout Exchange,
        _ reason: ResumeReason,
        _ writer: inout ResponseWriter
    ) -> Outcome {
        guard routes.indices.contains(exchange.route),
            case .parking(let handler) = routes[exchange.route].handler
        else {
            refuse(APIError(.internalFailure, "This request cannot be answered."), exchange, &writer)
            return .written
        }
        return handler.resume(&exchange, reason, &writer)
    }

    private func answer(
        _ request: Request,
        _ exchange: inout Exchange,
        _ writer: inout ResponseWriter
    ) throws(APIError) -> Outcome {
        guard routes.indices.contains(exchange.route) else { throw try nowhere(request, &exchange) }
        let route = routes[exchange.route]
        let principal = try permitted(route, request, &exchange)
        switch route.handler {
        case .immediate(let handle):
            let call = Call(
                request: request,
                principal: principal,
                id: exchange.id,
                arrivedAt: exchange.startedAt
            )
            return handle(call, &exchange, &writer)
        case .parking(let handler):
            let call = Call(
                request: request,
                principal: principal,
                id: exchange.id,
                arrivedAt: exchange.startedAt
            )
            return handler.respond(call, &exchange, &writer)
        case .task(let work):
            let call = Call(
                request: request.detached(),
                principal: principal,
                id: exchange.id,
                arrivedAt: exchange.startedAt
            )
            let exchange = exchange
            return .task {
                do throws(APIError) {
                    return try await work(call).response
                } catch {
                    self.report(error, exchange)
                    return Envelope.response(error, call.id)
                }
            }
        }
    }

    /// Who asks, now that the whole request is there, if the route is for them and they do not ask too often.
    private func permitted(
        _ route: Route,
        _ request: Request,
        _ exchange: inout Exchange
    ) throws(APIError) -> Principal? {
        if route.access == .anybody { return nil }
        let principal = try authenticator.prove(request, &exchange)
        if route.pace == .ordinary, let credential = exchange.principal as? Credential {
            try pacing.admit(credential, at: exchange.startedAt)
        }
        if case .holder(let permission) = route.access {
            try authenticator.require(permission, of: principal)
        }
        return principal
    }

    /// Why a known caller's request leads nowhere.
    private func nowhere(_ request: Request, _ exchange: inout Exchange) throws(APIError) -> APIError {
        _ = try authenticator.prove(request, &exchange)
        if case .methodNotAllowed(let allowed) = router.find(request) {
            return .methodNotAllowed(request, allowed)
        }
        return .unknownPath(request)
    }
}
