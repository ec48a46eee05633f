import Base

/// One round of questions: which of them are still open, and who is at work on them.
final class ReadingRound: Sendable {
    private struct State {
        var open: Set<Inquiry>
        var tasks: [Task<Void, Never>] = []
        var isOver = false
    }

    private let state: Locked<State>
    private let began = Instant.now
    private let deadline: Instant
    private let answers: AsyncStream<(Inquiry, Reading)>.Continuation

    init(
        _ inquiries: Set<Inquiry>,
        by deadline: Instant,
        into answers: AsyncStream<(Inquiry, Reading)>.Continuation
    ) {
        state = Locked(State(open: inquiries))
        self.deadline = deadline
        self.answers = answers
    }

    /// Who is to be called off when the round is over, at once where it is.
    func add(_ task: Task<Void, Never>) {
        let isOver = state.withLock { state in
            if !state.isOver { state.tasks.append(task) }
            return state.isOver
        }
        if isOver { task.cancel() }
    }

    /// The first answer to an inquiry of this round goes out; the last open one ends it.
    func answer(_ inquiry: Inquiry, _ reading: Reading) {
        let isLast = state.withLock { state in
            guard !state.isOver, state.open.remove(inquiry) != nil else { return false }
            answers.yield((inquiry, reading))
            return state.open.isEmpty
        }
        if isLast { end() }
    }

    /// Says of what is still open that there was no answer.
    func end() {
        let open = close()
        let limit = max(.zero, deadline - began)
        for inquiry in open {
            let reason = "no answer within \(limit.secondsText)"
            answers.yield((inquiry, Reading(.unreadable, reason, latency: limit)))
        }
        answers.finish()
    }

    /// Takes no answer from now on and calls everybody off; gives what is still open, once.
    @discardableResult
    func close() -> Set<Inquiry> {
        let ended = state.withLock { state -> (open: Set<Inquiry>, tasks: [Task<Void, Never>])? in
            if state.isOver { return nil }
            state.isOver = true
            defer { (state.open, state.tasks) = ([], []) }
            return (state.open, state.tasks)
        }
        guard let ended else { return [] }
        // Outside the lock, as whoever is called off may answer there and then.
        for task in ended.tasks { task.cancel() }
        return ended.open
    }
}

extension Duration {
    /// In seconds with at most one place behind the point, such as `2.5 s`.
    var secondsText: String {
        let tenths = (nanoseconds + 50_000_000) / 100_000_000
        return tenths % 10 == 0 ? "\(tenths / 10) s" : "\(tenths / 10).\(tenths % 10) s"
    }
}
