/// How a transaction is run.
package struct TransactionOptions: Sendable {
    /// What a transaction sees of others that run beside it.
    package enum Isolation: Sendable {
        /// Each statement sees what is committed when it begins.
        case readCommitted
        /// All statements see the same moment.
        case repeatableRead
        /// As if one ran after the other; expect to be retried.
        case serializable
    }

    package var isolation = Isolation.readCommitted
    /// One statement and no more, which saves two round trips.
    package var isSingleStatement = false
    /// For each statement, in place of the session's.
    package var timeLimit: Duration?
    /// How often a transaction is tried that collided with another.
    package var attempts = 4

    package init() {}

    package static let standard = TransactionOptions()

    package static var statement: TransactionOptions {
        var options = TransactionOptions()
        options.isSingleStatement = true
        return options
    }

    package static var snapshot: TransactionOptions {
        var options = TransactionOptions()
        options.isolation = .repeatableRead
        return options
    }

    var begin: Query {
        switch isolation {
        case .readCommitted: "BEGIN"
        case .repeatableRead: "BEGIN ISOLATION LEVEL REPEATABLE READ"
        case .serializable: "BEGIN ISOLATION LEVEL SERIALIZABLE"
        }
    }
}
