import Base
import HTTPServer

/// Puts the API together from its parts.
struct Assembly {
    let api: API
    let metrics: MetricsSource

    init(
        _ options: ServeOptions,
        identities: Identities,
        experiments: ExperimentRuns,
        state: NodeState,
        sources: ConditionSources,
        loops: Int,
        extraRoutes: [Route]
    ) throws(Node.Failure) {
        let metrics = MetricsSource(
            state: state,
            database: identities.database,
            runs: experiments.metrics,
            delivery: experiments.delivery,
            telemetry: experiments.telemetry,
            guards: experiments.guards.metrics
        )
        let authenticator = Authenticator(
            keys: identities.keys,
            firstAccount: options.account,
            isOpen: options.isOpen,
            clock: identities.clock
        )
        let pacing = Pacing(options.allowance)
        let table = RouteTable(
            identities: identities,
            experiments: experiments,
            authenticator: authenticator,
            state: state,
            metrics: metrics,
            quotas: options.quotas,
            maxWait: options.maxWait,
            check: ConditionCheck(sources: sources),
            pacing: pacing
        )
        let routes = table.all + extraRoutes
        self.metrics = metrics
        api = try Node.Failure.explaining { () throws(RouteConflict) in
            try API(
                routes: routes,
                authenticator: authenticator,
                pacing: pacing,
                // One loop more than asked for: the control socket has its own.
                metrics: RequestMetrics(loops: loops + 1, routes: routes.count),
                accessLog: AccessLog(every: options.logSample),
                log: identities.log
            )
        }
    }
}
