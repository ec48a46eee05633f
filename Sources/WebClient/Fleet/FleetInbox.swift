import Base

/// What a fleet's thread is told by everybody else.
final class FleetInbox: Sendable {
    /// One question, as it is handed over.
    struct Order: Sendable {
        let id: UInt64
        let url: WebURL
        let request: WebRequest
        let proof: WebPeer.Proof
        let deadline: Instant
        let answer: CheckedContinuation<Answer, Never>

        var host: String { url.origin }
        /// By what a host tells its questions apart when they take turns.
        var turn: String { request.turn ?? url.path }
    }

    /// What came of a question; a redirect is where it leads.
    enum Answer: Sendable {
        case answered(WebAnswer, redirect: String?, began: Instant)
        case failed(WebError)
    }

    enum Message: Sendable {
        case ask(Order)
        case giveUp(UInt64)
    }

    private struct State {
        var messages: [Message] = []
        var isStopped = false
        var lastID: UInt64 = 0
    }

    private let state = Locked(State())
    /// Wakes the thread.
    let flag: EventFlag

    init() throws(SystemError) { flag = try EventFlag() }

    func nextID() -> UInt64 {
        state.withLock { state in
            state.lastID += 1
            return state.lastID
        }
    }

    /// False where nobody takes it any more.
    func send(_ message: Message) -> Bool {
        let isTaken = state.withLock { state in
            if !state.isStopped { state.messages.append(message) }
            return !state.isStopped
        }
        if isTaken { flag.raise() }
        return isTaken
    }

    /// From now on nothing is taken.
    func stop() {
        state.withLock { $0.isStopped = true }
        flag.raise()
    }

    /// All that was said since the last time, and whether that was all there will ever be.
    func take() -> (messages: [Message], isLast: Bool) {
        flag.lower()
        return state.withLock { state in
            defer { state.messages = [] }
            return (state.messages, state.isStopped)
        }
    }
}
