import Base
import ControlPlane
import Glibc
import HTTPServer

/// The whole control plane with a few more routes, for the benchmarks to ask.
@main
enum BenchServer {
    static func main() {
        Signals.whileHeld {
            do {
                try await serve()
                exit(0)
            } catch {
                complain("\(error)\n", code: 1)
            }
        }
    }

    private static func serve() async throws {
        let words = CommandLine.arguments
        func value(_ flag: String) -> String? {
            words.firstIndex(of: flag).flatMap { words.indices.contains($0 + 1) ? words[$0 + 1] : nil }
        }
        guard let listen = SocketAddress("127.0.0.1:\(value("--port") ?? "0")"),
            let account = AccountID("000000000000")
        else { complain("--port needs a number\n", code: 2) }
        var options = ServeOptions(listen: listen, account: account)
        options.databaseURL = value("--database-url")
        options.loops = value("--loops").flatMap { Int($0) }
        // What is measured is what a start costs, not how many an account may have.
        options.quotas.activeExperiments = nil
        options.allowance = .init(rate: 1e6, burst: 1_000_000)
        options.dataDirectory = value("--data-dir") ?? ".build/bench/server"

        let routes = BenchRoutes()
        let log = Logger(sink: try LogWriter(descriptor: STDERR_FILENO), minimum: .warning)
        let (ends, end) = AsyncStream.makeStream(of: Void.self)
        Signals.onEnd { _ in end.yield() }
        let node = try Node(options, extraRoutes: routes.all, log: log)
        routes.attach(node)
        _ = try await node.boot(patience: .seconds(60)) { complain("\($0)\n", code: 1) }
        let key = try CredentialsFile.read(DataDirectory.credentials(in: options.dataDirectory))
        say("listening on http://\(node.address)\nbearer \(key.keyID).\(key.secret.revealed)\n")
        for await _ in ends { break }
        await node.stop()
    }

    private static func say(_ text: String) { write(text, STDOUT_FILENO) }

    private static func complain(_ text: String, code: CInt) -> Never {
        write(text, STDERR_FILENO)
        exit(code)
    }

    private static func write(_ text: String, _ raw: CInt) {
        let descriptor = FileDescriptor(adopting: raw)
        try? descriptor.writeAll(Array(text.utf8))
        _ = descriptor.release()
    }
}
