import Base
import ControlPlane
import WebClient

/// The flags that say where stop conditions are read from.
extension SourceOptions {
    static let flags: [Flag] = [
        .taking("prometheus", "URL", "the Prometheus whose queries stop conditions may ask"),
        .taking(
            "prometheus-auth",
            "FILE",
            "its first line is `bearer TOKEN` or `basic USER:PASSWORD`; read anew when it changes"
        ),
        .taking(
            "cloudwatch",
            "URL",
            default: "AWS, by the alarm's region",
            "the CloudWatch to ask for alarms"
        ),
        .taking(
            "cloudwatch-credentials",
            "FILE",
            default: "AWS_ACCESS_KEY_ID and so on",
            "AWS credentials file, whose [default] asks; read anew when it changes"
        ),
        .taking(
            "source-ca",
            "FILE",
            default: "the machine's",
            "authorities whose certificates are believed of all sources"
        ),
        .taking(
            "source-destinations",
            "LIST",
            "hosts, HOST:PORT and blocks such as 10.0.0.0/8; only these are asked by stop conditions"
        ),
    ]

    init(_ arguments: Arguments, environment: [String: String]) throws(UsageError) {
        self.init()
        let accepted = "an http:// or https:// URL without user, password and query is accepted"
        prometheus = try arguments.reading("prometheus", accepted, Self.url)
        prometheusAuth = arguments["prometheus-auth"]
        cloudWatch = try arguments.reading("cloudwatch", accepted, Self.url)
        cloudWatchCredentials = arguments["cloudwatch-credentials"]
        authorities = arguments["source-ca"]
        destinations =
            try arguments.reading("source-destinations", WebDestinations.accepted) { WebDestinations($0) }
            ?? destinations
        self.environment = environment.filter { $0.key.hasPrefix("AWS_") }
        if prometheusAuth != nil, prometheus == nil {
            throw UsageError("--prometheus-auth is given without --prometheus, which names who is asked")
        }
    }

    private static func url(_ text: String) -> WebURL? {
        WebURL(text).flatMap { $0.path.contains("?") ? nil : $0 }
    }
}
