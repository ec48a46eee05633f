import HTTPServer
import Synchronization

/// Which requests are worth a line: every failure of ours, and one in so many of the rest.
package final class AccessLog: Sendable {
    private let every: Int
    private let counter = Atomic<Int>(0)

    /// `every` 1 logs all, 0 none but failures.
    package init(every: Int) { self.every = every }

    func wants(_ status: Status) -> Bool {
        if status.code >= 500 { return true }
        if every <= 1 { return every == 1 }
        // Loops may count over each other now and then; a sample does not need to be exact.
        let count = counter.load(ordering: .relaxed) &+ 1
        counter.store(count, ordering: .relaxed)
        return count % every == 0
    }
}
