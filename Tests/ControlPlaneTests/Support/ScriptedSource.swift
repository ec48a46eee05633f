import Base

@testable import ControlPlane

/// A source of conditions that does as a test says.
struct ScriptedSource: ConditionSource {
    typealias Answer = @Sendable (Inquiry, Reading) -> Void

    let body: @Sendable ([Inquiry], Instant, @escaping Answer) async -> Void

    init(_ body: @escaping @Sendable ([Inquiry], Instant, @escaping Answer) async -> Void) {
        self.body = body
    }

    func read(_ inquiries: [Inquiry], by deadline: Instant, _ answer: @escaping Answer) async {
        await body(inquiries, deadline, answer)
    }

    /// Says the same of whatever is asked.
    static func saying(_ finding: Reading.Finding, _ value: String) -> ScriptedSource {
        ScriptedSource { inquiries, _, answer in
            for inquiry in inquiries { answer(inquiry, Reading(finding, value, latency: .zero)) }
        }
    }
}

extension ConditionSources {
    /// Sources of which every one that a test does not name says that it is not there.
    static func scripted(
        cloudWatch: any ConditionSource = AbsentSource("nobody to ask"),
        prometheus: any ConditionSource = AbsentSource("nobody to ask"),
        http: any ConditionSource = AbsentSource("nobody to ask"),
        alarms: any ConditionSource = AbsentSource("nobody to ask"),
        telemetry: any ConditionSource = AbsentSource("nobody to ask")
    ) -> ConditionSources {
        ConditionSources(
            cloudWatch: cloudWatch,
            prometheus: prometheus,
            http: http,
            alarms: alarms,
            telemetry: telemetry
        )
    }
}
