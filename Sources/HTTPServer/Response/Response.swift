/// A whole answer as a value, for handlers that run as tasks.
package struct Response: Sendable {
    /// What follows the head.
    package enum Body: Sendable {
        case whole([UInt8])
        /// Sent piece by piece while the closure runs; it throws once the peer is gone.
        case stream(@Sendable (ByteSink) async throws -> Void)
    }

    package var status: Status
    package var headers: [(name: StaticString, value: String)]
    package var body: Body

    package init(
        _ status: Status,
        headers: [(name: StaticString, value: String)] = [],
        body: Body = .whole([])
    ) {
        self.status = status
        self.headers = headers
        self.body = body
    }
}
