/// The role that runs of a template take in another account.
package struct AccountConfiguration: Equatable, Sendable {
    /// The other account, which is AWS's and need not be one of the deployment's.
    package let accountID: String
    package let roleARN: String
    package let description: String?

    static let columns: Query =
        "configuration.account_id, configuration.role_arn, configuration.description"

    init(_ row: inout Row) throws(StoreError) {
        accountID = try row.next()
        roleARN = try row.next()
        description = try row.nextIfAny()
    }
}
