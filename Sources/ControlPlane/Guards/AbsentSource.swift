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
