package import Base
package import HTTPServer

/// One thing the API can be asked for: where, by whom, how often and how large.
///
/// A class, so that finding one at every request copies a reference and not everything it holds.
package final class Route: Sendable {
    /// Who may ask.
    package enum Access: Equatable, Sendable {
        /// Anybody who reaches the port.
        case anybody
        /// Any known caller, whatever the role.
        case anyCaller
        case holder(of: Permission)
    }

    /// Which allowance of requests a route draws on.
    package enum Pace: Sendable {
        /// A key's ordinary allowance.
        case ordinary
        /// One for each instance that a key names in `instance=`: a thousand that share a key may each ask.
        case instance
        /// Never refused for asking too often: what ends faults.
        case unlimited
    }

    /// How it is answered.
    package enum Handler: Sendable {
        /// On the loop, from memory alone.
        case immediate(@Sendable (Request, inout Exchange, inout ResponseWriter) -> Outcome)
        /// On the loop, from memory alone, for who must be parked and taken up again.
        case parking(any ParkingHandler)
        /// As a task, which may wait for the database.
        case task(@Sendable (Call) async throws(APIError) -> Reply)
    }

    package static let defaultBodyLimit = 64 << 10

    package let method: Method
    package let path: StaticString
    /// The operation's name, in metrics, logs and the description of the API.
    package let name: StaticString
    package let access: Access
    package let bodyLimit: Int
    package let pace: Pace
    package let handler: Handler

    package init(
        _ method: Method,
        _ path: StaticString,
        _ name: StaticString,
        _ access: Access,
        pace: Pace = .ordinary,
        bodyLimit: Int = Route.defaultBodyLimit,
        _ handler: Handler
    ) {
        self.method = method
        self.path = path
        self.name = name
        self.access = access
        self.pace = pace
        self.bodyLimit = bodyLimit
        self.handler = handler
    }
}

/// A route whose requests wait.
///
/// An object, so that finding it at every request counts one reference.
package protocol ParkingHandler: AnyObject, Sendable {
    func respond(
        _ request: Request,
        _ exchange: inout Exchange,
        _ writer: inout ResponseWriter
    ) throws(APIError) -> Outcome
    func resume(_ exchange: inout Exchange, _ reason: ResumeReason, _ writer: inout ResponseWriter) -> Outcome
}

/// A request with its caller, as a task keeps it.
package struct Call: Sendable {
    package let request: Request
    /// Nil only where the route is for anybody.
    package let principal: Principal?
    package let id: RequestID
    package let arrivedAt: Instant

    init(_ request: Request, _ principal: Principal?, _ exchange: Exchange) {
        self.request = request
        self.principal = principal
        id = exchange.id
        arrivedAt = exchange.startedAt
    }
}

/// A successful answer: nearly always JSON.
package struct Reply: Sendable {
    package var status = Status.ok
    package var headers: [(name: StaticString, value: String)]
    package var body: Response.Body

    package init(_ json: JSON) { self.init(.whole(json.encoded), contentType: "application/json") }

    package init(text: String, contentType: String) {
        self.init(bytes: Array(text.utf8), contentType: contentType)
    }

    init(bytes: [UInt8], contentType: String) { self.init(.whole(bytes), contentType: contentType) }

    private init(_ body: Response.Body, contentType: String) {
        self.body = body
        headers = [("Content-Type", contentType)]
    }

    /// Sent piece by piece while `produce` runs.
    static func stream(
        contentType: String,
        _ produce: @escaping @Sendable (ByteSink) async throws -> Void
    ) -> Reply {
        var reply = Reply(.stream(produce), contentType: contentType)
        reply.headers.append(("Cache-Control", "no-store"))
        return reply
    }

    /// What the caller has is current.
    static func notModified(etag: String) -> Reply {
        var reply = Reply(.whole([]), contentType: "application/json")
        reply.status = .notModified
        reply.headers = [("ETag", etag), ("Cache-Control", "no-store")]
        return reply
    }

    var response: Response { Response(status, headers: headers, body: body) }
}
