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

    var mayAccept: Bool { count.load(ordering: .sequentiallyConsistent) < limit + reserve }

    /// Counts one in; true where it is over the cap and has to earn its place.
    func open() -> Bool { count.add(1, ordering: .relaxed).newValue > limit }

    func close() {
        count.subtract(1, ordering: .sequentiallyConsistent)
        guard isAnyPaused.exchange(false, ordering: .sequentiallyConsistent) else { return }
        for loop in loops.withLock({ $0 }) { loop.perform { $0.resumeAccepting() } }
    }

    /// Asks for all loops to be resumed when the next connection closes.
    ///
    /// The caller looks at `mayAccept` once more afterwards, for the last one may have closed just before.
    func askToResume() { isAnyPaused.store(true, ordering: .sequentiallyConsistent) }

    /// Frees the place of the request that has been parked longest on this loop, or else on one of the others.
    ///
    /// Only those parked by now: the newcomer itself may be about to park.
    func yieldOldestParked(startingAt loop: EventLoop) {
        let others = loops.withLock { $0 }.filter { $0 !== loop }
        loop.defer(before: loop.parking.horizon, then: others)
    }
}

extension EventLoop {
    /// Not at once: an answer of another connection is being written at this moment.
    fileprivate func `defer`(before horizon: UInt64, then others: [EventLoop]) {
        later { loop in
            if loop.yieldOldest(before: horizon) { return }
            if let next = others.first { next.defer(before: .max, then: Array(others.dropFirst())) }
        }
    }
}
