import Base
import WebClient

extension ConditionSources {
    /// The sources that are elsewhere as the options have them, beside the two that are ours.
    static func outgoing(
        _ options: SourceOptions,
        alarms: any ConditionSource,
        telemetry: any ConditionSource,
        connections: Int = WebFleet.Rules().total,
        clock: Clock
    ) throws(SystemError) -> ConditionSources {
        var rules = options.rules
        rules.total = connections
        let client = SourceClient(fleet: try WebFleet(rules), clock: clock)
        return ConditionSources(
            cloudWatch: options.cloudWatchSource(client),
            prometheus: options.prometheusSource(client)
                ?? AbsentSource("this server asks no Prometheus: --prometheus URL names one"),
            http: HTTPSource(client: client),
            alarms: alarms,
            telemetry: telemetry
        )
    }
}

extension SourceOptions {
    var rules: WebFleet.Rules {
        var rules = WebFleet.Rules()
        rules.destinations = destinations
        rules.authorities = authorities
        // They are asked for everybody, and whoever runs this server chose them.
        for url in [prometheus, cloudWatch].compactMap(\.self) { rules.connections[url.origin] = 32 }
        return rules
    }

    func cloudWatchSource(_ client: SourceClient) -> CloudWatchSource {
        CloudWatchSource(cloudWatch, credentials: credentials, client: client)
    }

    func prometheusSource(_ client: SourceClient) -> PrometheusSource? {
        prometheus.map {
            PrometheusSource(url: $0, auth: PrometheusAuth(path: prometheusAuth), client: client)
        }
    }

    var credentials: AWSCredentials.Place {
        AWSCredentials.Place(path: cloudWatchCredentials, environment: environment)
    }
}
