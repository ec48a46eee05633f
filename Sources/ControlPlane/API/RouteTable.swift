import Base

/// Every route there is.
///
/// What is not in this table cannot be asked for.
struct RouteTable {
    let identities: Identities
    let state: NodeState
    let metrics: MetricsSource

    var all: [Route] {
        OperationsRoutes(state: state, metrics: metrics).all
            + IdentityRoutes(identities: identities).all
            + AuditRoutes(database: identities.database).all
    }
}
