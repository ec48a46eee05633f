/// How much of everything one peer may use, and for how long.
package struct Limits: Sendable {
    /// Bytes of the request line; over it the answer is 414.
    package var requestLine = 8 << 10
    /// Bytes of all header lines together; over it the answer is 431.
    package var headerBytes = 16 << 10
    package var headerCount = 64
    /// Bytes of a body, where a route does not say otherwise; over it the answer is 413.
    package var body = 1 << 20
    /// Bytes of one chunk's extensions, and of all trailers together.
    package var chunkExtension = 256
    package var trailers = 4 << 10

    /// From a request's first byte to the end of its head; then the answer is 408.
    package var headTime: Duration = .seconds(10)
    /// From the end of the head to the end of the body; then the answer is 408.
    package var bodyTime: Duration = .seconds(30)
    /// Between requests on one connection; then it is closed.
    package var idleTime: Duration = .seconds(75)
    /// How long a peer may leave an answer unread; then it is cut off.
    package var writeTime: Duration = .seconds(20)
    /// After a refusal: how long what the peer still sends is read and dropped, so that it can read the answer.
    package var lingerTime: Duration = .seconds(2)

    /// Open connections, over all loops of a listener.
    package var connections = 16_384
    /// Connections over that, kept open long enough to see whether their first request is somebody's.
    package var reserve = 64
    /// Unsent bytes of one connection from which on its next request waits.
    package var unsentBytes = 256 << 10

    package init() {}
}
