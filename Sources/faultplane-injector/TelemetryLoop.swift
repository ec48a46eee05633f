import Base
import FaultClient
import WebClient

/// Tells the server what became of the invocations, every second in which there is something to tell; nothing waits for it.
struct TelemetryLoop {
    private static let pace: Duration = .seconds(1)
    private static let patience: Duration = .seconds(5)
    private static let longestAnswer = 64 << 10

    private let options: Options
    private let instance: Locked<Instance>
    private let session: WebSession

    init(_ options: Options, _ instance: Locked<Instance>) {
        self.options = options
        self.instance = instance
        session = WebSession(options.peer)
    }

    func run() -> Never {
        var problem: String?
        while true {
            _ = try? Readiness.wait(for: [], until: .now + Self.pace)
            guard let report = instance.withLock({ $0.report() }) else { continue }
            let failure = tell(report)
            if let failure, failure != problem {
                Terminal.complain(TerminalLine.text("telemetry was not taken: \(failure)"))
            }
            problem = failure
        }
    }

    /// Why it was not taken; it is sent again unless the server will never have it.
    private func tell(_ report: TelemetryReport) -> String? {
        let body: JSON = ["reports": [report.json]]
        var request = WebRequest(
            "POST",
            "/v1/telemetry?instance=\(options.instance.percentEncoded)",
            headers: [WebHeader("Content-Type", "application/json")],
            body: body.encoded
        )
        request.timeLimit = Self.patience
        request.answerLimit = Self.longestAnswer
        do throws(WebError) {
            let answer = try session.ask(request)
            if answer.isSuccess || [400, 413].contains(answer.status) {
                instance.withLock { $0.settled(report.sequence) }
            }
            return answer.isSuccess ? nil : HeardAnswer.refusal(answer)
        } catch {
            return error.description
        }
    }
}
