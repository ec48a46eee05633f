import Base
import HTTPServer
import Synchronization

/// A small application that shows every way to answer.
final class TestResponder: Responder {
    enum Endpoint: Int { case hello, echo, slowEcho, park, stream, capture, secret, endless }

    private let router: Router
    let finishedCount = Atomic<Int>(0)

    init() throws {
        var router = Router()
        try router.add(.get, "/hello", number: Endpoint.hello.rawValue)
        try router.add(.post, "/echo", number: Endpoint.echo.rawValue)
        try router.add(.post, "/slow-echo", number: Endpoint.slowEcho.rawValue)
        try router.add(.get, "/park/{key}", number: Endpoint.park.rawValue)
        try router.add(.get, "/stream/{count}", number: Endpoint.stream.rawValue)
        try router.add(.get, "/capture/{value}/end", number: Endpoint.capture.rawValue)
        try router.add(.post, "/secret", number: Endpoint.secret.rawValue)
        try router.add(.get, "/endless", number: Endpoint.endless.rawValue)
        self.router = router
    }

    func admit(
        _ request: inout Request,
        _ exchange: inout Exchange,
        _ writer: inout ResponseWriter
    ) -> Admission {
        if request.header("x-known") != nil { exchange.isAuthenticated = true }
        if request.rawPath == "/secret", request.authorization == nil {
            answer(.forbidden, "no", &writer)
            return .refused
        }
        return .admitted(bodyLimit: 64 << 10)
    }

    func respond(_ request: Request, _ exchange: inout Exchange, _ writer: inout ResponseWriter) -> Outcome {
        switch router.find(request) {
        case .notFound:
            answer(.notFound, "nothing here", &writer)
            return .written
        case .methodNotAllowed(let methods):
            writer.start(.methodNotAllowed)
            writer.header("Allow", text: methods.map(\.rawValue).joined(separator: ", "))
            writer.finish()
            return .written
        case .route(let number, let captures):
            var request = request
            request.captures = captures
            guard let endpoint = Endpoint(rawValue: number) else { return .written }
            return respond(endpoint, request, &exchange, &writer)
        }
    }

    private func respond(
        _ endpoint: Endpoint,
        _ request: Request,
        _ exchange: inout Exchange,
        _ writer: inout ResponseWriter
    ) -> Outcome {
        switch endpoint {
        case .hello: answer(.ok, "hello", &writer)
        case .echo, .secret: answer(.ok, String(decoding: request.body, as: UTF8.self), &writer)
        case .capture: answer(.ok, request.capture(0) ?? "broken", &writer)
        case .slowEcho:
            let body = request.body
            return .task {
                await Task.yield()
                return Response(.ok, headers: [("X-Slow", "yes")], body: .whole(body))
            }
        case .park:
            exchange.ticket.words[0] = UInt64(request.capture(0) ?? "") ?? 0
            let milliseconds = Int(request.query("wait") ?? "") ?? 10_000
            return .parked(
                key: exchange.ticket.words[0],
                until: exchange.startedAt + .milliseconds(milliseconds)
            )
        case .stream:
            let count = Int(request.capture(0) ?? "") ?? 0
            return .task {
                Response(
                    .ok,
                    body: .stream { sink in
                        for index in 0..<count { try await sink.write(Array("piece \(index)\n".utf8)) }
                    }
                )
            }
        case .endless:
            return .task {
                Response(
                    .ok,
                    body: .stream { sink in
                        while true { try await sink.write([UInt8](repeating: 120, count: 65_536)) }
                    }
                )
            }
        }
        return .written
    }

    func resume(_ exchange: inout Exchange, _ reason: ResumeReason, _ writer: inout ResponseWriter) -> Outcome
    {
        answer(.ok, "\(reason) \(exchange.ticket.words[0])", &writer)
        return .written
    }

    func refuse(_ failure: ParseFailure, _ exchange: inout Exchange, _ writer: inout ResponseWriter) {
        answer(failure.status, "\(failure)", &writer)
    }

    func finished(_ exchange: Exchange, _ status: Status, now: Instant) {
        finishedCount.add(1, ordering: .relaxed)
    }

    private func answer(_ status: Status, _ text: String, _ writer: inout ResponseWriter) {
        writer.start(status)
        writer.header("Content-Type", "text/plain")
        writer.finish(body: Array(text.utf8))
    }
}
