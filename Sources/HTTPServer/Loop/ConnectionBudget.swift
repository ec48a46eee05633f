import Base
import Synchronization

/// How many connections all loops of a listener may hold together, and what happens at the limit.
final class ConnectionBudget: Sendable {
    private let limit: Int
    private let reserve: Int
    private let count = Atomic<Int>(0)
    private let isAnyPaused = Atomic<Bool>(false)
    private let loops = Locked<[EventLoop]>([])
    private let onFailure: @Sendable (SystemError) -> Void

    init(limit: Int, reserve: Int, onFailure: @escaping @Sendable (SystemError) -> Void) {
        self.limit = limit
        self.reserve = reserve
        self.onFailure = onFailure
    }

    func attach(_ all: [EventLoop]) { loops.withLock { $0 = all } }

    func loopFailed(_ error: SystemError) { onFailure(error) }

    var mayAccept: Bool { count.load(ordering: .relaxed) < limit + reserve }

    /// Counts one in; true where it is over the cap and has to earn its place.
    func open() -> Bool { count.add(1, ordering: .relaxed).newValue > limit }

    func close() {
        count.subtract(1, ordering: .relaxed)
        guard isAnyPaused.load(ordering: .relaxed) else { return }
        isAnyPaused.store(false, ordering: .relaxed)
        for loop in loops.withLock({ $0 }) { loop.perform { $0.resumeAccepting() } }
    }

    func pause(_ loop: EventLoop) { isAnyPaused.store(true, ordering: .relaxed) }

    /// Frees the place of the request that has been parked longest on this loop, or else on one of the others.
    func yieldOldestParked(startingAt loop: EventLoop) {
        let others = loops.withLock { $0 }.filter { $0 !== loop }
        loop.defer(then: others)
    }
}

extension EventLoop {
    /// Not at once: an answer of another connection is being written at this moment.
    fileprivate func `defer`(then others: [EventLoop]) {
        later { loop in
            if loop.yieldOldest() { return }
            if let next = others.first { next.defer(then: Array(others.dropFirst())) }
        }
    }
}
