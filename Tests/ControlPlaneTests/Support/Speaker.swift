import Base

@testable import ControlPlane

/// A source that says what it was last told to, whatever it is asked, and counts that.
final class Speaker: Sendable {
    private let said = Locked<(finding: Reading.Finding, value: String)>((.clear, "no element"))
    private let next = Locked<(finding: Reading.Finding, value: String)?>(nil)
    private let meanwhile = Locked<(@Sendable () -> Void)?>(nil)
    private let answered = Locked(0)
    private let most = Locked(0)

    func say(_ finding: Reading.Finding, _ value: String) { said.withLock { $0 = (finding, value) } }

    /// The next question alone is answered so; something may happen before the answer comes.
    func sayOnce(
        _ finding: Reading.Finding,
        _ value: String,
        after happening: (@Sendable () -> Void)? = nil
    ) {
        meanwhile.withLock { $0 = happening }
        next.withLock { $0 = (finding, value) }
    }

    var saidAll: Bool { next.withLock { $0 == nil } }

    var count: Int { answered.withLock { $0 } }
    /// The most that it was asked at once.
    var widest: Int { most.withLock { $0 } }

    /// All of Prometheus and CloudWatch.
    var sources: ConditionSources {
        let source = ScriptedSource { inquiries, _, answer in
            let once = self.next.withLock { $0.take() }
            if once != nil { self.meanwhile.withLock { $0.take() }?() }
            let (finding, value) = once ?? self.said.withLock { $0 }
            self.answered.withLock { $0 += inquiries.count }
            self.most.withLock { $0 = max($0, inquiries.count) }
            for inquiry in inquiries { answer(inquiry, Reading(finding, value, latency: .milliseconds(4))) }
        }
        return .scripted(cloudWatch: source, prometheus: source)
    }
}
