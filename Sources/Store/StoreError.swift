package import Base

/// Everything that can go wrong between the service and its database.
package enum StoreError: Error, Equatable, Sendable {
    /// No session could be had, so nothing was sent; the reason is the last attempt's.
    case unavailable(String)
    /// The session died inside a transaction, of which nothing remains.
    case connectionLost(String)
    /// The session died while a change was being committed: it may or may not have happened.
    case outcomeUnknown(String)
    /// As many wait for a session as may.
    case queueFull(waiting: Int)
    /// Every session was busy for as long as one may wait.
    case waitedTooLong(Duration)
    /// The caller's task was cancelled while it waited for a session.
    case cancelled
    /// The pool has been closed: the service is stopping.
    case closed
    /// The server refused or gave up a statement.
    case server(ServerError)
    /// A row does not look as the code believes: the schema and the binary disagree.
    case unexpectedRow(String)
    /// The store was asked in a way that is not its own.
    case misuse(String)
    /// A change that the rules do not allow; the caller can do something about it.
    case refused(Refusal)
    /// The database's schema and this binary's migrations do not go together.
    case schema(SchemaProblem)
    /// The embedded cluster cannot be run.
    case cluster(ClusterProblem)
    /// The database address cannot be used.
    case address(AddressProblem)
    /// The operating system said no.
    case system(SystemError)
}

extension StoreError {
    /// True where the same request may succeed a little later, without anybody mending anything.
    package var isTemporary: Bool {
        switch self {
        case .unavailable, .connectionLost, .outcomeUnknown, .queueFull, .waitedTooLong, .closed: true
        case .server(let error):
            error.state.isCollision || error.state == .queryCancelled || error.state.isServerTrouble
        case .cancelled, .unexpectedRow, .misuse, .refused, .schema, .cluster, .address, .system: false
        }
    }

    /// The server's code, where it was the server that said no.
    package var sqlState: SQLState? {
        if case .server(let error) = self { error.state } else { nil }
    }
}
