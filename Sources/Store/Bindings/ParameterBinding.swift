package import Base

/// A name of a team's own under which functions read the faults of a target.
package struct ParameterBinding: Equatable, Sendable {
    package let account: AccountID
    package let name: String
    package let target: String
    /// The form in which the library behind it wants its faults.
    package let dialect: String
    /// As what the function is invoked; nil means by its plain name.
    package let qualifier: String?
    package let createdAt: Timestamp
    package let updatedAt: Timestamp

    static let columns: Query = """
        parameter_bindings.account, parameter_bindings.name, parameter_bindings.target, parameter_bindings.dialect,
        parameter_bindings.qualifier, parameter_bindings.created_at, parameter_bindings.updated_at
        """

    init(_ row: inout Row) throws(StoreError) {
        account = try row.next()
        name = try row.next()
        target = try row.next()
        dialect = try row.next()
        qualifier = try row.nextIfAny()
        createdAt = try row.next()
        updatedAt = try row.next()
    }

    var details: JSON {
        [
            "target": .string(target), "dialect": .string(dialect),
            "qualifier": qualifier.map { .string($0) } ?? .null,
        ]
    }
}
