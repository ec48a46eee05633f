package import Base

/// All that nodes keep in memory for readers of parameters, of every account.
package struct DeploymentBindings: Equatable, Sendable {
    /// The change that this is the state after; a pulse with another number says to read again.
    package let change: Int64
    package let bindings: [ParameterBinding]
    /// The attributes of those targets that may say what their events look like, less what is no JSON that we read.
    package let attributes: [(target: TargetKey, attributes: JSON)]

    package static func == (left: DeploymentBindings, right: DeploymentBindings) -> Bool {
        left.change == right.change
    }
}

extension Database {
    /// Reads them, for the nodes' memory; nothing else may.
    package func deploymentBindingsRead() async throws(StoreError) -> DeploymentBindings {
        try await transaction(.snapshot) { transaction throws(StoreError) in
            DeploymentBindings(
                change: try transaction.one("SELECT number FROM parameter_changes") {
                    row throws(StoreError) in try row.next()
                },
                bindings: try transaction.all(
                    "SELECT \(ParameterBinding.columns) FROM parameter_bindings ORDER BY account, name"
                ) { row throws(StoreError) in try ParameterBinding(&row) },
                attributes: try transaction.all(
                    "SELECT account, arn, attributes::text FROM targets WHERE attributes::text LIKE '%\"eventShape\"%'"
                ) { row throws(StoreError) in
                    let target = TargetKey(account: try row.next(), target: try row.next())
                    return (target, try row.next(String.self))
                }.compactMap { target, text in
                    (try? JSON(parsing: Array(text.utf8))).map { (target, $0) }
                }
            )
        }
    }
}
