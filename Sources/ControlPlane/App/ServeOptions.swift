package import Base
package import Experiments
package import HTTPServer

/// What `serve` is told by flags and environment.
package struct ServeOptions: Sendable {
    package var listen: SocketAddress
    package var databaseURL: String?
    package var dataDirectory = ".faultplane"
    package var masterKeyPath: String?
    package var region = "us-east-1"
    package var account: AccountID
    package var isOpen = false
    package var lease: Duration = .seconds(15)
    /// The overlap policy of templates that have none.
    package var overlap = OverlapPolicy.allow
    package var maxWait: Duration = .seconds(50)
    package var advertise: String?
    package var loops: Int?
    package var logLevel = Logger.Level.info
    package var logSample = 1_000
    package var quotas = Quotas()
    package var sources = SourceOptions()
    /// How often one key may ask.
    package var allowance = Pacing.Allowance.ordinary

    package init(listen: SocketAddress, account: AccountID) {
        self.listen = listen
        self.account = account
    }

    /// What the operator should think about before others do.
    package var warning: String? {
        if listen.isLoopback { return nil }
        return "listening on \(listen), which is not loopback, without TLS: put a TLS proxy in front, "
            + "or secrets of Bearer tokens and the documents cross the network readable"
    }
}
