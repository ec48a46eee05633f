import Base

/// Every route there is.
///
/// What is not in this table cannot be asked for.
struct RouteTable {
    let identities: Identities
    let state: NodeState
    let metrics: MetricsSource
    let quotas: Quotas

    var all: [Route] {
        OperationsRoutes(state: state, metrics: metrics).all
            + IdentityRoutes(identities: identities).all
            + AuditRoutes(database: identities.database).all
            + CatalogueRoutes(region: identities.region).all
            + TemplateRoutes(templates: templates, region: identities.region).all
            + AccountConfigurationRoutes(configurations: accountConfigurations).all
            + TagRoutes(tags: Tags(templates: templates, experiments: .none), region: identities.region).all
            + TargetRoutes(targets: targets, region: identities.region).all
    }

    private var templates: Templates {
        Templates(database: identities.database, quotas: quotas, clock: identities.clock)
    }

    private var accountConfigurations: AccountConfigurations {
        AccountConfigurations(templates: templates)
    }

    private var targets: Targets { Targets(database: identities.database, clock: identities.clock) }
}
