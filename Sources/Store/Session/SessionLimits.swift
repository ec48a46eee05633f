/// How long a session waits for what.
package struct SessionLimits: Sendable {
    /// For one host to accept it; libpq counts whole seconds, two at the least.
    package var connect: Duration = .seconds(5)
    /// For a statement, counted by the server, which then cancels it.
    package var statement: Duration = .seconds(10)
    /// For a server that says nothing at all, on top of the statement's limit; then the session is given up.
    package var silence: Duration = .seconds(5)

    package init() {}
}
