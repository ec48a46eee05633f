import Base

/// Something that happens once: one side says so, the other waits for it.
final class Gate: Sendable {
    private let isOpen = Locked(false)

    func open() {
        isOpen.withLock { $0 = true }
        isOpen.announce()
    }

    /// False when it has not happened within the limit.
    func wait(atMost limit: Duration = .seconds(20)) -> Bool { isOpen.wait(atMost: limit) { $0 } }
}

/// What happened, in order, for one side to tell and the other to wait for.
final class Record: Sendable {
    private let entries = Locked<[String]>([])

    func add(_ entry: String) {
        entries.withLock { $0.append(entry) }
        entries.announce()
    }

    var all: [String] { entries.withLock { $0 } }

    /// False when `entry` has not been told within the limit.
    func waits(for entry: String, atMost limit: Duration = .seconds(20)) -> Bool {
        entries.wait(atMost: limit) { $0.contains(entry) }
    }
}
