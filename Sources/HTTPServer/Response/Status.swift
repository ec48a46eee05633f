/// An HTTP status this server answers with.
package struct Status: Equatable, Hashable, Sendable {
    package let code: Int
    /// The whole status line, so that writing it is one copy.
    let line: StaticString

    private init(_ code: Int, _ line: StaticString) {
        self.code = code
        self.line = line
    }

    package static func == (left: Status, right: Status) -> Bool { left.code == right.code }

    package func hash(into hasher: inout Hasher) { hasher.combine(code) }

    /// 204 and 304 end with their headers (RFC 9110 section 6.4.1).
    package var hasBody: Bool { code != 204 && code != 304 && code >= 200 }

    package static let ok = Status(200, "HTTP/1.1 200 OK")
    package static let noContent = Status(204, "HTTP/1.1 204 No Content")
    package static let notModified = Status(304, "HTTP/1.1 304 Not Modified")
    package static let badRequest = Status(400, "HTTP/1.1 400 Bad Request")
    package static let paymentRequired = Status(402, "HTTP/1.1 402 Payment Required")
    package static let forbidden = Status(403, "HTTP/1.1 403 Forbidden")
    package static let notFound = Status(404, "HTTP/1.1 404 Not Found")
    package static let methodNotAllowed = Status(405, "HTTP/1.1 405 Method Not Allowed")
    package static let requestTimeout = Status(408, "HTTP/1.1 408 Request Timeout")
    package static let conflict = Status(409, "HTTP/1.1 409 Conflict")
    package static let contentTooLarge = Status(413, "HTTP/1.1 413 Content Too Large")
    package static let uriTooLong = Status(414, "HTTP/1.1 414 URI Too Long")
    package static let expectationFailed = Status(417, "HTTP/1.1 417 Expectation Failed")
    package static let tooManyRequests = Status(429, "HTTP/1.1 429 Too Many Requests")
    package static let headersTooLarge = Status(431, "HTTP/1.1 431 Request Header Fields Too Large")
    package static let internalError = Status(500, "HTTP/1.1 500 Internal Server Error")
    package static let notImplemented = Status(501, "HTTP/1.1 501 Not Implemented")
    package static let unavailable = Status(503, "HTTP/1.1 503 Service Unavailable")
    package static let versionNotSupported = Status(505, "HTTP/1.1 505 HTTP Version Not Supported")
}
