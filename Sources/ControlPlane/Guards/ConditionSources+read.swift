import Base
import Experiments

extension ConditionSources {
    /// Asks all sources at once; the stream has one answer to each inquiry and then ends, no later than a moment after the deadline.
    ///
    /// That does not depend on any source: what one has not answered by then is unreadable, what comes later or twice is dropped, and
    /// one that never returns is left behind. Equal inquiries are asked, and answered, once, each time in another order: where there is no
    /// time for all, it is not always the same that go without. Whoever stops listening ends the asking.
    func read(_ inquiries: [Inquiry], by deadline: Instant) -> AsyncStream<(Inquiry, Reading)> {
        let (stream, continuation) = AsyncStream<(Inquiry, Reading)>.makeStream()
        let asked = Set(inquiries)
        let round = ReadingRound(asked, by: deadline, into: continuation)
        continuation.onTermination = { _ in round.close() }
        if asked.isEmpty { round.end() }
        for asked in Dictionary(grouping: asked.shuffled(), by: \.question.source).values {
            let source = source(of: asked[0].question)
            round.add(Task { await source.read(asked, by: deadline, round.answer) })
        }
        round.add(
            Task {
                // Also where it was cancelled: then there is nobody left to be answered.
                try? await Task.sleep(for: max(.zero, deadline - .now))
                round.end()
            }
        )
        return stream
    }
}

extension Question {
    /// Who is asked it.
    var source: StopConditionSource {
        switch self {
        case .cloudWatchAlarm: .cloudWatchAlarm
        case .prometheus: .prometheus
        case .http: .http
        case .alarm: .alarm
        case .telemetry: .telemetry
        }
    }
}
