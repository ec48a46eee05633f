import Base
import Glibc
import WebClient

/// An example of an injector: polls for one target's faults, and says what it would inject.
@main
enum Program {
    static func main() {
        let words = Array(CommandLine.arguments.dropFirst())
        if words.contains("--help") || words.contains("-h") {
            Terminal.say(Options.help)
            exit(0)
        }
        Signals.onEnd { _ in _exit(0) }
        Signals.whileHeld { run(words) }
    }

    private static func run(_ words: [String]) -> Never {
        do {
            let options = try Options(words, environment: Environment.all)
            let instance = Locked(try Instance(options))
            Signals.onEnd { _ in end(instance, code: 0) }
            if options.isOnce {
                let isAnswered = PollLoop(options, instance).poll()
                end(instance, code: isAnswered ? 0 : 1)
            }
            try Thread.start(name: "polls") { PollLoop(options, instance).run() }
            if options.rate != nil, options.isReporting {
                try Thread.start(name: "telemetry") { TelemetryLoop(options, instance).run() }
            }
            InvocationLoop(options, instance).run()
        } catch let error as UsageError {
            fail(error.message + "\n(faultplane-injector --help shows what is accepted)", code: 2)
        } catch let error as CredentialsFileFailure {
            fail(error.description, code: 3)
        } catch {
            fail("\(error)", code: 1)
        }
    }

    /// At once, whatever the other threads are waiting for: the libraries they are in must not be taken down below them.
    private static func end(_ instance: Locked<Instance>, code: CInt) -> Never {
        let failure = instance.withLock { $0.end() }
        if let failure { fail(failure.description, code: 1) }
        _exit(code)
    }

    /// Says why on standard error, and ends the process.
    static func fail(_ message: String, code: CInt) -> Never {
        Terminal.complain("faultplane-injector: \(message)\n")
        _exit(code)
    }
}
