import Base

/// Every route there is.
///
/// What is not in this table cannot be asked for.
struct RouteTable {
    let identities: Identities
    let experiments: ExperimentRuns
    let authenticator: Authenticator
    let state: NodeState
    let metrics: MetricsSource
    let quotas: Quotas
    let maxWait: Duration
    /// One for all who try conditions, since it counts them.
    var check = ConditionCheck(sources: .absent)
    /// For routes that find out by themselves who asks; the others' allowances are the API's business.
    var pacing = Pacing()

    var all: [Route] { routes + DescriptionRoutes(beside: routes).all }

    /// The description of them all.
    var description: [UInt8] { DescriptionRoutes(beside: routes).document }

    /// All but the description, which speaks of the others.
    private var routes: [Route] {
        OperationsRoutes(state: state, metrics: metrics).all
            + IdentityRoutes(identities: identities).all
            + AuditRoutes(database: identities.database).all
            + CatalogueRoutes(region: identities.region).all
            + TemplateRoutes(
                templates: templates,
                warnings: warnings,
                check: check,
                region: identities.region
            ).all
            + HypothesisRoutes(templates: templates).all
            + AccountConfigurationRoutes(configurations: accountConfigurations).all
            + TagRoutes(tags: tags, region: identities.region).all
            + TargetRoutes(targets: targets, region: identities.region).all
            + ExperimentRoutes(experiments: experiments, warnings: warnings, region: identities.region).all
            + EventRoutes(experiments: experiments, region: identities.region).all
            + GuardRoutes(experiments: experiments).all
            + CoverageRoutes(experiments: experiments).all
            + LeverRoutes(
                lever: EmergencyStop(
                    runs: experiments,
                    halt: experiments.delivery.halt,
                    time: experiments.time
                ),
                authenticator: authenticator,
                region: identities.region,
                firstAccount: identities.firstAccount
            ).all
            + ConditionRoutes(
                check: check,
                limits: quotas.template,
                region: identities.region
            ).all
            + AlarmRoutes(alarms: alarms).all
            + TelemetryRoutes(
                telemetry: experiments.telemetry,
                series: TelemetryReads(experiments: experiments),
                authenticator: authenticator,
                pacing: pacing,
                region: identities.region
            ).all
            + BindingRoutes(bindings: bindings, region: identities.region).all
            + ParameterRoutes(
                reads: ParameterReads(
                    parameters: experiments.parameters,
                    delivery: experiments.delivery,
                    time: experiments.time,
                    region: identities.region
                ),
                authenticator: authenticator
            ).all
            + AckRoutes(delivery: experiments.delivery, region: identities.region).all
            + PeerRoutes(halt: experiments.delivery.halt).all
            + FaultRoutes(
                delivery: experiments.delivery,
                time: experiments.time,
                region: identities.region,
                maxWait: maxWait
            ).all
    }

    private var tags: Tags { Tags(templates: templates, experiments: experiments) }

    private var templates: Templates {
        Templates(database: identities.database, quotas: quotas, clock: identities.clock)
    }

    private var accountConfigurations: AccountConfigurations {
        AccountConfigurations(templates: templates)
    }

    private var warnings: DialectWarnings {
        DialectWarnings(parameters: experiments.parameters, book: experiments.delivery.book)
    }

    private var bindings: Bindings {
        Bindings(
            database: identities.database,
            parameters: experiments.parameters,
            quotas: quotas,
            clock: identities.clock,
            log: identities.log
        )
    }

    private var alarms: Alarms {
        Alarms(
            database: identities.database,
            time: experiments.time,
            quotas: quotas,
            log: identities.log,
            guards: experiments.guards
        )
    }

    private var targets: Targets {
        Targets(database: identities.database, parameters: experiments.parameters, clock: identities.clock)
    }
}
