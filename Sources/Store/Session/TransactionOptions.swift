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
    /// How much belongs together.
    package enum Extent: Sendable {
        /// All of it, or none.
        case whole
        /// One statement and no more, which saves two round trips.
        case statement
        /// Each statement is a transaction by itself: for reading something and then trying one change made from it.
        case statements
    }

    package var extent = Extent.whole
    /// For each statement, in place of the session's.
    package var timeLimit: Duration?
    /// How often a transaction is tried that collided with another.
    package var attempts = 4

    package init() {}

    package static let standard = TransactionOptions()

    package static var statement: TransactionOptions {
        var options = TransactionOptions()
        options.extent = .statement
        return options
    }

    package static var statements: TransactionOptions {
        var options = TransactionOptions()
        options.extent = .statements
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
