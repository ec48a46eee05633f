package import WebClient

/// Where stop conditions are read from, as `serve` is told.
package struct SourceOptions: Sendable {
    package var prometheus: WebURL?
    /// A file with what proves to Prometheus who asks.
    package var prometheusAuth: String?
    /// Nil where AWS itself is asked.
    package var cloudWatch: WebURL?
    /// An AWS credentials file; without it the environment's key counts.
    package var cloudWatchCredentials: String?
    /// A file with the authorities that are believed instead of the machine's.
    package var authorities: String?
    package var destinations = WebDestinations.ordinary
    /// Where AWS's own variables are looked for.
    package var environment: [String: String] = [:]

    package init() {}
}
