import Base

/// A source that this server was not told of: what is asked of it cannot be read, and the answer says what is missing.
struct AbsentSource: ConditionSource {
    let reason: String

    init(_ reason: String) { self.reason = reason }

    func read(
        _ inquiries: [Inquiry],
        by deadline: Instant,
        _ answer: @escaping @Sendable (Inquiry, Reading) -> Void
    ) async {
        for inquiry in inquiries { answer(inquiry, Reading(.unreadable, reason, latency: .zero)) }
    }
}

extension ConditionSources {
    /// Nobody to ask.
    static let absent = ConditionSources(
        cloudWatch: AbsentSource("this server asks no CloudWatch"),
        prometheus: AbsentSource("this server asks no Prometheus"),
        http: AbsentSource("this server asks no URLs"),
        alarms: AbsentSource("this server knows no alarms"),
        telemetry: AbsentSource("this server has no telemetry")
    )
}
