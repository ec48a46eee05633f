import Base
import HTTPServer

/// A small application that shows every way to answer.
final class TestResponder: Responder {
    /// What can be asked of it.
    enum Endpoint: Int, CaseIterable {
        case hello, big, echo, slowEcho, park, repark, stream, capture, secret, endless, cut, hang, query,
            hook
        case silent, header, stubborn

        var route: (method: Method, pattern: StaticString) {
            switch self {
            case .hello: (.get, "/hello")
            case .big: (.get, "/big/{bytes}")
            case .echo: (.post, "/echo")
            case .slowEcho: (.post, "/slow-echo")
            case .park: (.get, "/park/{key}")
            case .repark: (.get, "/repark/{times}")
            case .stream: (.get, "/stream/{count}")
            case .capture: (.get, "/capture/{value}/end")
            case .secret: (.post, "/secret")
            case .endless: (.get, "/endless")
            case .cut: (.get, "/cut")
            case .hang: (.get, "/hang")
            case .query: (.post, "/query/{value}")
            case .hook: (.get, "/hook")
            case .silent: (.get, "/silent")
            case .header: (.get, "/header")
            case .stubborn: (.get, "/stubborn")
            }
        }
    }

    private let router: Router
    /// What the loop has told: answers finished, streams that ended, tasks that were cancelled.
    let record = Record()
    /// How many parked requests have been taken up.
    let resumed = Locked(0)
    /// What /stubborn waits for, whoever has left.
    let stubborn = Locked<CheckedContinuation<Void, Never>?>(nil)
    /// Runs on the loop when /hook is asked.
    let hook = Locked<(@Sendable () -> Void)?>(nil)

    init() throws {
        var router = Router()
        for endpoint in Endpoint.allCases {
            try router.add(endpoint.route.method, endpoint.route.pattern, number: endpoint.rawValue)
        }
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

    func resume(_ exchange: inout Exchange, _ reason: ResumeReason, _ writer: inout ResponseWriter) -> Outcome
    {
        resumed.withLock { $0 += 1 }
        if exchange.ticket.words[1] > 0, reason == .woken {
            exchange.ticket.words[1] -= 1
            return .parked(key: exchange.ticket.words[0], until: exchange.startedAt + .seconds(60))
        }
        answer(.ok, "\(reason) \(exchange.ticket.words[0])", &writer)
        return .written
    }

    func refuse(_ failure: ParseFailure, _ exchange: inout Exchange, _ writer: inout ResponseWriter) {
        answer(failure.status, "\(failure)", &writer)
    }

    func finished(_ exchange: Exchange, _ status: Status, now: Instant) {}

    private func respond(
        _ endpoint: Endpoint,
        _ request: Request,
        _ exchange: inout Exchange,
        _ writer: inout ResponseWriter
    ) -> Outcome {
        switch endpoint {
        case .hello: answer(.ok, "hello", &writer)
        case .big:
            writer.start(.ok)
            writer.finish(body: [UInt8](repeating: 120, count: Int(request.capture(0) ?? "") ?? 0))
        case .echo, .secret: answer(.ok, String(decoding: request.body, as: UTF8.self), &writer)
        case .capture: answer(.ok, request.capture(0) ?? "broken", &writer)
        case .slowEcho: return slowly(.whole(request.body))
        case .park: return park(request, reparks: 0, &exchange)
        case .repark: return park(request, reparks: UInt64(request.capture(0) ?? "") ?? 0, &exchange)
        case .stream:
            let count = Int(request.capture(0) ?? "") ?? 0
            return slowly(
                .stream { sink in for index in 0..<count { try await sink.write("piece \(index)\n") } }
            )
        case .endless: return slowly(.stream(endless))
        case .cut:
            return slowly(
                .stream { sink in
                    try await sink.write("half ")
                    throw Interruption()
                }
            )
        case .hang: return .task(hang)
        case .query: return query(request.detached())
        case .hook:
            hook.withLock { $0 }?()
            answer(.ok, "hooked", &writer)
        case .silent: break
        case .stubborn:
            return .task {
                await withCheckedContinuation { done in self.stubborn.withLock { $0 = done } }
                self.record.add("stubborn to the end")
                return Response(.ok)
            }
        case .header:
            writer.start(.ok)
            writer.header("X-Given", text: request.query("value") ?? "none")
            writer.finish()
        }
        return .written
    }

    private func answer(_ status: Status, _ text: String, _ writer: inout ResponseWriter) {
        writer.start(status)
        writer.header("Content-Type", "text/plain")
        writer.finish(body: Array(text.utf8))
    }
}

extension TestResponder {
    struct Interruption: Error {}

    private func slowly(_ body: Response.Body) -> Outcome {
        .task {
            await Task.yield()
            return Response(.ok, headers: [("X-Slow", "yes")], body: body)
        }
    }

    private func park(_ request: Request, reparks: UInt64, _ exchange: inout Exchange) -> Outcome {
        exchange.ticket.words[0] = UInt64(request.capture(0) ?? "") ?? 0
        exchange.ticket.words[1] = reparks
        let milliseconds = Int(request.query("wait") ?? "") ?? 60_000
        return .parked(key: exchange.ticket.words[0], until: exchange.startedAt + .milliseconds(milliseconds))
    }

    private func query(_ request: Request) -> Outcome {
        .task {
            let text = "\(request.rawPath) \(request.capture(0) ?? "none") \(request.query("q") ?? "none")"
            return Response(.ok, body: .whole(Array("\(text) [\(request.rawQuery)]".utf8)))
        }
    }

    /// Writes until its reader is gone.
    private func endless(_ sink: ByteSink) async throws {
        do {
            while true {
                try await sink.write([UInt8](repeating: 120, count: 65_536))
                record.add("piece written")
            }
        } catch {
            record.add("\(error)")
            throw error
        }
    }

    /// Waits for ever, or until it is cancelled.
    private func hang() async -> Response {
        record.add("hanging")
        let (never, end) = AsyncStream.makeStream(of: Void.self)
        defer { end.finish() }
        for await _ in never {}
        record.add("cancelled \(Task.isCancelled)")
        return Response(.ok)
    }
}

extension ByteSink {
    func write(_ text: String) async throws { try await write(Array(text.utf8)) }
}
