import Base

/// A document with its times placed on the trust clock.
struct HeldDocument: Sendable {
    let document: TargetDocument
    /// When each fault begins, by its id, on the clock that never runs fast: never early, however long the answer took.
    private var begins: [String: Instant] = [:]
    /// When it ends: never late, and moved earlier by a later answer, never later.
    private var ends: [String: TrustMoment]

    /// Faults that the document before had as well keep their ends.
    init(_ document: TargetDocument, after before: HeldDocument?) {
        self.document = document
        let ids = Set(document.faults.map(\.id))
        ends = (before?.ends ?? [:]).filter { ids.contains($0.key) }
    }

    /// The server's clock stood at `terms.time` no earlier than when the request was sent and held, and no later than the answer came.
    mutating func place(_ terms: AnswerTerms, sent: TrustMoment, received: Instant) {
        for fault in document.faults {
            let (untilEnd, untilBegin) = (fault.notAfter.after(terms.time), fault.notBefore.after(terms.time))
            let end = sent + terms.held + untilEnd
            ends[fault.id] = min(ends[fault.id] ?? end, end)
            begins[fault.id] = received + untilBegin
        }
    }

    /// The faults that are on, those that began first before the others.
    func on(at now: TrustMoment, _ boot: Instant) -> [TargetFault] {
        document.faults.filter { fault in
            guard let begin = begins[fault.id], let end = ends[fault.id] else { return false }
            return begin <= boot && now < end
        }.sorted { ($0.notBefore, $0.id) < ($1.notBefore, $1.id) }
    }
}

extension Double {
    /// How long after a moment it is, both in server time; what is past counts as now.
    fileprivate func after(_ moment: Timestamp) -> Duration {
        max(.zero, Timestamp(seconds: self) - moment)
    }
}
