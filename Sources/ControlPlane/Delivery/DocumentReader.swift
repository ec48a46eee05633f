import Base
import SafetyLever
import Store

/// Reads what was published and cleared into the book: every second, and whenever somebody says that there is something.
final class DocumentReader: Sendable {
    /// Where the next reading goes on, and which server the last one was of.
    private struct Place {
        var mark = DocumentMark.start
        var server: DatabaseServer?
    }

    let book: DocumentBook
    private let halt: Halt
    private let seen: DatabaseMemory
    private let database: DatabaseDoor
    private let clock: Clock
    private let place = Locked(Place())
    /// When single targets were read last.
    private let singles = Locked<[TargetKey: Instant]>([:])
    /// How many may be read in a second: what clients name must not keep halts from the database.
    private static let singlesPace = 50

    init(halt: Halt, seen: DatabaseMemory, from database: DatabaseDoor) {
        book = halt.book
        self.halt = halt
        self.seen = seen
        self.database = database
        clock = halt.clock
    }

    /// Everything that was committed before this began is in the book when it returns.
    ///
    /// A database that says less than it said before was restored, or lost commits in a failover. What it says of a target may then be
    /// lower than what is here and would be passed over, a stop too: so the lever is engaged, and everything is read anew.
    func turn() async throws(StoreError) {
        // What was known before the question was asked: another reading may learn more meanwhile.
        let (before, known, begun) = (place.withLock { $0 }, seen.now, clock.now())
        var changes = try await changes(since: before.mark)
        var problem = known.problem(system: changes.server.system, epoch: changes.lever.state.epoch)
        if changes.mark < before.mark { problem = problem ?? "its transactions went back" }
        if let server = before.server, server != changes.server {
            let numbers = book.changeNumbers
            changes = try await self.changes(since: .start)
            if changes.lack(numbers) { problem = problem ?? "it lacks changes that were read from it before" }
        }
        if let problem {
            await halt.databaseWentBack(problem, to: LeverRecord(changes.lever))
            changes = try await self.changes(since: .start)
        }
        let (news, latches) = book.read(changes, begunAt: begun)
        // Of two readings at once the one that began first may come last: then more is read again.
        place.withLock { $0 = Place(mark: changes.mark, server: changes.server) }
        halt.read(news, latches: latches)
        remember(changes, wentBack: problem != nil)
    }

    private func changes(since mark: DocumentMark) async throws(StoreError) -> DocumentChanges {
        let asked = book.lever.latches.map(\.id)
        return try await opened().statement { transaction throws(StoreError) in
            try transaction.documentChanges(since: mark, engagements: asked)
        }
    }

    private func remember(_ changes: DocumentChanges, wentBack: Bool) {
        let (system, epoch) = (changes.server.system, changes.lever.state.epoch)
        if wentBack {
            seen.accepts(system: system, epoch: epoch)
        } else {
            seen.saw(system: system, epoch: epoch)
        }
    }

    /// Reads one target, for an injector that has seen more of it than this node has; at most once a second, for all who ask.
    func catchUp(_ key: TargetKey) async throws(StoreError) {
        let now = clock.now()
        let isDue = singles.withLock { singles in
            if let last = singles[key], now - last < .seconds(1) { return false }
            if singles.count >= Self.singlesPace {
                singles = singles.filter { now - $0.value < .seconds(1) }
                if singles.count >= Self.singlesPace { return false }
            }
            singles[key] = now
            return true
        }
        if !isDue { return }
        let context = OperationContext(
            account: key.account,
            actor: .system,
            origin: .background,
            requestID: "poll of \(key.target)"
        )
        let asked = book.lever.latches.map(\.id)
        let document = try await opened().statement { transaction throws(StoreError) in
            try transaction.faultDocumentRead(context, target: key.target, engagements: asked)
        }
        let (news, latches) = book.read(document, of: key, at: now)
        halt.read(news, latches: latches)
    }

    private func opened() throws(StoreError) -> Database {
        do throws(APIError) {
            return try database.opened()
        } catch {
            throw .unavailable("the database is not up yet")
        }
    }
}

extension DocumentChanges {
    /// Whether a whole reading has something in an older state than was known, or not at all.
    fileprivate func lack(_ numbers: [TargetKey: Int64]) -> Bool {
        var read: [TargetKey: Int64] = [:]
        for document in documents {
            read[TargetKey(account: document.account, target: document.target)] = document.change
        }
        return numbers.contains { $0.value > read[$0.key] ?? 0 }
    }
}
