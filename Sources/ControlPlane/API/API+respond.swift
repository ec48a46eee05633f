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
        let caller = try permitted(route, request, &exchange)
        switch route.handler {
        case .immediate(let handle): return handle(request, &exchange, &writer)
        case .parking(let handler): return try handler.respond(request, &exchange, &writer)
        case .task(let work):
            let call = Call(request.detached(), caller?.principal, exchange)
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
    ) throws(APIError) -> Caller? {
        if route.access == .anybody { return nil }
        let caller = try authenticator.prove(request, &exchange)
        switch route.pace {
        case .ordinary: try pacing.admit(caller, at: exchange.startedAt)
        case .instance:
            try pacing.admit(caller, instance: request.queryBytes("instance") ?? [], at: exchange.startedAt)
        case .unlimited: break
        }
        if case .holder(let permission) = route.access {
            try authenticator.require(permission, of: caller.principal)
        }
        return caller
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
