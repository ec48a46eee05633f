import Base

/// PostgreSQL's five letters for what went wrong.
package struct SQLState: Hashable, Sendable, CustomStringConvertible {
    package let description: String

    package init(_ code: String) { description = code }

    package static let uniqueViolation = SQLState("23505")
    package static let foreignKeyViolation = SQLState("23503")
    package static let checkViolation = SQLState("23514")
    package static let failedTransaction = SQLState("25P02")
    package static let serializationFailure = SQLState("40001")
    package static let deadlock = SQLState("40P01")
    package static let undefinedTable = SQLState("42P01")
    package static let lockNotAvailable = SQLState("55P03")
    package static let queryCancelled = SQLState("57014")

    package static let unknownStatement = SQLState("26000")
    package static let changedPlan = SQLState("0A000")

    /// True where the same transaction, tried again, may well succeed.
    package var isCollision: Bool {
        self == .serializationFailure || self == .deadlock || self == .lockNotAvailable || isStaleStatement
    }

    /// True where a prepared statement is not known to the server any more, or no longer means what it did.
    var isStaleStatement: Bool { self == .unknownStatement || self == .changedPlan }

    /// True where the server itself is in trouble that passes: short of disk, memory or connections (class 53), on its
    /// way down or up (57P01 to 57P03), or still a standby (25006).
    package var isServerTrouble: Bool {
        description.hasPrefix("53") || description.hasPrefix("57P0") || description == "25006"
    }
}

/// What PostgreSQL said no with.
///
/// `detail` may quote rows, and so the data of any account: it is for the log alone.
package struct ServerError: Equatable, Sendable {
    package let state: SQLState
    package let message: String
    package let detail: String?
    package let constraint: String?

    package init(state: SQLState, message: String, detail: String? = nil, constraint: String? = nil) {
        self.state = state
        self.message = message
        self.detail = detail
        self.constraint = constraint
    }
}
