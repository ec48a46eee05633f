import Base
import Store
import TestSupport
import Testing

@testable import ControlPlane

/// Faults that are served only while their run's stop conditions are read: the guard's time caps every lease.
@Suite struct GuardHoldTests {
    private static let key = TargetKey(account: required(AccountID("000000000000")), target: "t")
    private static let start = Instant(nanoseconds: 1_000_000_000_000)
    private static let calm = Lever(state: LeverState(status: "disengaged", epoch: 1), reason: "")

    /// A book that read at `start` a document with these runs' faults, and for how long their guards hold.
    private static func book(
        _ runs: [(id: String, isGuarded: Bool)],
        _ left: [String: Duration]
    ) -> DocumentBook {
        let book = DocumentBook(lease: .seconds(15))
        let faults = runs.map { run -> JSON in
            let fault: JSON = ["id": .string("\(run.id)/Delay"), "experimentId": .string(run.id)]
            return run.isGuarded ? [.null, fault, true] : [.null, fault]
        }
        let document = ChangedDocument(
            account: key.account,
            target: key.target,
            change: 1,
            epoch: 1,
            faults: .array(faults)
        )
        look(book, left, at: 0, [document])
        return book
    }

    /// Reads the database again, which has nothing new but the guards.
    private static func look(
        _ book: DocumentBook,
        _ left: [String: Duration],
        at seconds: Int64,
        _ documents: [ChangedDocument] = []
    ) {
        let moment = start + .seconds(seconds)
        book.beaten(at: moment)
        let changes = DocumentChanges(
            lever: calm,
            documents: documents,
            guards: GuardTerms(left),
            mark: .start
        )
        _ = book.read(changes, begunAt: moment)
    }

    /// What an injector is told: its lease in seconds, or why nothing.
    private static func told(_ book: DocumentBook, at seconds: Double) -> String {
        let now = start + .milliseconds(Int64(seconds * 1_000))
        let poll = Poll(
            room: book.room(key),
            instance: "i",
            qualifier: nil,
            named: nil,
            wait: .zero,
            arrivedAt: now,
            chance: 0
        )
        switch book.turn(poll, at: now, parks: { _ in nil }).decision {
        case .document(_, let faults, let lease): return "\(faults.count) for \(lease.inSeconds)"
        case .unchanged(_, _, let lease): return "unchanged for \(lease.inSeconds)"
        case .degraded(_, let reason): return reason
        case .behind: return "behind"
        }
    }

    @Test func `the lease is no longer than the guard holds, and under a third of it nothing is told`() {
        let book = Self.book([("EXP1", true)], ["EXP1": .seconds(9)])
        #expect(Self.told(book, at: 0) == "1 for 9.0")
        #expect(Self.told(book, at: 4) == "1 for 5.0")
        #expect(Self.told(book, at: 4.5) == "the stop conditions of EXP1 were last read 10 s ago")
        Self.look(book, ["EXP1": .seconds(14)], at: 5)
        #expect(Self.told(book, at: 5) == "1 for 14.0")
    }

    @Test func `the node's own trust may be shorter`() {
        let book = Self.book([("EXP1", true)], ["EXP1": .seconds(14)])
        #expect(Self.told(book, at: 9) == "1 for 5.0")
    }

    @Test func `a guard that holds for longer than a lease is from before the clock ran back`() {
        let book = Self.book([("EXP1", true)], ["EXP1": .seconds(900)])
        #expect(Self.told(book, at: 0) == "the stop conditions of EXP1 were not read yet")
    }

    @Test
    func `of several runs the one that was read longest ago decides, and unguarded ones go down with it`() {
        let book = Self.book(
            [("EXP1", true), ("EXP2", true), ("EXP3", false)],
            ["EXP1": .seconds(12), "EXP2": .seconds(8)]
        )
        #expect(Self.told(book, at: 0) == "3 for 8.0")
        #expect(Self.told(book, at: 3.5) == "the stop conditions of EXP2 were last read 10 s ago")
    }

    @Test func `a guard nobody has read yet lets nothing through`() {
        #expect(
            Self.told(Self.book([("EXP1", true)], [:]), at: 0)
                == "the stop conditions of EXP1 were not read yet"
        )
    }

    @Test func `a guard that ends before the document is cleared lets nothing through either`() {
        let book = Self.book([("EXP1", true)], ["EXP1": .seconds(14)])
        Self.look(book, [:], at: 1)
        #expect(Self.told(book, at: 1) == "the stop conditions of EXP1 were not read yet")
    }

    @Test func `what is not guarded is served whatever other guards do`() {
        let book = Self.book([("EXP1", false)], ["EXP2": .seconds(1)])
        #expect(Self.told(book, at: 0) == "1 for 15.0")
    }

    @Test func `a reading that began earlier and came later takes nothing back`() {
        let book = Self.book([("EXP1", true)], ["EXP1": .seconds(9)])
        Self.look(book, ["EXP1": .seconds(14)], at: 5)
        Self.look(book, [:], at: 3)
        #expect(Self.told(book, at: 6) == "1 for 13.0")
    }

    @Test func `with the faults the guard goes, and comes back with them`() {
        let book = Self.book([("EXP1", true)], ["EXP1": .seconds(9)])
        func document(_ change: Int64, _ faults: JSON) -> ChangedDocument {
            ChangedDocument(account: Self.key.account, target: "t", change: change, epoch: 1, faults: faults)
        }
        Self.look(book, [:], at: 1, [document(2, [])])
        #expect(Self.told(book, at: 1) == "0 for 15.0")
        let fault: JSON = [.null, ["id": "EXP1/Delay", "experimentId": "EXP1"], true]
        Self.look(book, ["EXP1": .seconds(10)], at: 2, [document(3, [fault])])
        #expect(Self.told(book, at: 2) == "1 for 10.0")
        Self.look(book, ["EXP1": .seconds(12)], at: 3)
        #expect(Self.told(book, at: 3) == "1 for 12.0")
    }

    @Test func `an engaged lever needs no guard to tell that there is nothing`() {
        let book = Self.book([("EXP1", true)], [:])
        let engaged = Lever(
            state: LeverState(status: "engaged", epoch: 2),
            reason: "drill",
            engagementID: "ENG2"
        )
        _ = book.read(DocumentChanges(lever: engaged, documents: [], mark: .start), begunAt: Self.start)
        #expect(Self.told(book, at: 0) == "0 for 15.0")
    }
}
