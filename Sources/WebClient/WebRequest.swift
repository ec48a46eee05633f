import Base

/// One question: what is asked for, and how long and how much its answer may be.
package struct WebRequest: Sendable {
    package let method: String
    /// From the slash on, with the query, percent-encoded by the caller.
    package var path: String
    package var headers: [WebHeader]
    package var body: [UInt8]?
    package var connectLimit: Duration = .seconds(10)
    /// From the beginning to the last byte of the answer; nil is for a stream without a known end.
    package var timeLimit: Duration? = .seconds(60)
    /// How long nothing may come, in whole seconds, before the peer is taken for dead.
    package var silenceLimit: Duration?
    /// How many bytes of a body are kept; more is an error.
    package var answerLimit = 64 << 20
    /// Whether a body that is longer is cut instead.
    package var cutsAnswer = false
    /// How long the peer may take from when it is asked; a fleet alone knows when that is, as questions wait for their turn.
    package var patience: Duration?
    /// What asks, by its name; no signature covers that, as a proxy may change it.
    package var agent: String?
    /// What a fleet knows the question by when it is asked time and again, and its host has more to do than there is time for: the path
    /// where it is nil.
    package var turn: String?
    /// How many redirects a fleet follows, of a GET; a session follows none.
    package var redirects = 0

    package init(_ method: String, _ path: String, headers: [WebHeader] = [], body: [UInt8]? = nil) {
        self.method = method
        self.path = path
        self.headers = headers
        self.body = body
    }
}

/// One line of a head.
package struct WebHeader: Equatable, Sendable {
    package let name: String
    package let value: String

    package init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }
}
