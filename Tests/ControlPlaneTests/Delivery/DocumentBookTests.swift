import Base
import Experiments
import SafetyLever
import Store
import TestSupport
import Testing

@testable import ControlPlane

/// What polls are answered from, and what is said to them.
@Suite struct DocumentBookTests {
    private static let account = required(AccountID("000000000000"))
    private static let key = TargetKey(account: account, target: "t")
    private static let now = Instant(nanoseconds: 1_000_000_000_000)

    private static func lever(_ status: String, _ epoch: Int64) -> Lever {
        let id = status == "disengaged" ? nil : "ENG\(epoch)"
        return Lever(state: LeverState(status: status, epoch: epoch), reason: "drill", engagementID: id)
    }

    private static func published(
        _ change: Int64,
        epoch: Int64 = 1,
        lever: Lever = lever("disengaged", 1),
        _ faults: JSON = [[.null, ["id": "a"]], ["live", ["id": "b"]]]
    ) -> PublishedDocument {
        PublishedDocument(lever: lever, change: change, epoch: epoch, faults: faults)
    }

    private static func book() -> DocumentBook {
        let book = DocumentBook(lease: .seconds(15))
        book.beaten(at: now)
        _ = book.read(
            DocumentChanges(lever: lever("disengaged", 1), documents: [], mark: .start),
            begunAt: now
        )
        return book
    }

    private static func decision(
        _ book: DocumentBook,
        _ qualifier: String? = nil,
        named: Int64? = nil
    ) -> PollDecision {
        PollDecision(
            book.standing(at: now),
            book.room(key).entry,
            qualifier: qualifier,
            named: named
        )
    }

    private static func version(_ epoch: Int64, _ change: Int64) -> FaultVersion {
        required(FaultVersion(epoch: epoch, change: change))
    }

    @Test func `nothing that is lower goes in, and whoever waits is woken for what does`() {
        let book = Self.book()
        #expect(
            book.read(Self.published(2), of: Self.key, at: Self.now).news
                == .some([book.room(Self.key).wakeKey])
        )
        #expect(book.read(Self.published(2, []), of: Self.key, at: Self.now).news == .some([]))
        #expect(book.read(Self.published(1, []), of: Self.key, at: Self.now).news == .some([]))
        #expect(book.room(Self.key).entry.faults.count == 2)
        let engaged = Self.lever("engaging", 2)
        #expect(book.read(Self.published(2, lever: engaged), of: Self.key, at: Self.now).news == .everybody)
        #expect(
            book.read(Self.published(3), of: Self.key, at: Self.now).news
                == .some([book.room(Self.key).wakeKey])
        )
        #expect(book.lever.record == LeverRecord(engaged), "an older epoch was overtaken")
    }

    @Test func `a poll is told what there is for its qualifier, and whether it has changed`() {
        let book = Self.book()
        #expect(Self.decision(book) == .document(Self.version(1, 0), faults: [], lease: .seconds(15)))
        _ = book.read(Self.published(2), of: Self.key, at: Self.now)
        #expect(
            Self.decision(book) == .document(Self.version(1, 2), faults: [["id": "a"]], lease: .seconds(15))
        )
        #expect(
            Self.decision(book, "live", named: 7)
                == .document(Self.version(1, 2), faults: [["id": "a"], ["id": "b"]], lease: .seconds(15))
        )
        let named = Self.version(1, 2).number
        #expect(
            Self.decision(book, named: named)
                == .unchanged(Self.version(1, 2), hasFaults: true, lease: .seconds(15))
        )
        #expect(Self.decision(book, named: named + 1) == .behind(epoch: 1, named: named + 1))
    }

    @Test func `nothing is served under the lever, and nothing from before it`() {
        let book = Self.book()
        let engaged = Self.lever("engaged", 2)
        _ = book.read(Self.published(2, lever: engaged), of: Self.key, at: Self.now)
        #expect(Self.decision(book) == .document(Self.version(2, 2), faults: [], lease: .seconds(15)))
        let over = DocumentChanges(
            lever: Self.lever("disengaged", 2),
            engagements: ["ENG2": true],
            documents: [],
            mark: .start
        )
        #expect(book.read(over, begunAt: Self.now) == (.everybody, true))
        #expect(Self.decision(book) == .document(Self.version(2, 2), faults: [], lease: .seconds(15)))
    }

    @Test func `whoever engages needs no database to be sure`() {
        let book = DocumentBook(lease: .seconds(15))
        _ = book.read(Self.published(2), of: Self.key, at: Self.now)
        let made = book.withLever { $0.engage(Self.latch) }
        #expect(made.epoch == 2)
        #expect(Self.decision(book) == .document(Self.version(2, 2), faults: [], lease: .seconds(15)))
        let higher = Self.version(3, 0).number
        #expect(Self.decision(book, named: higher) == .behind(epoch: 2, named: higher))
    }

    private static let latch = Latch(id: "E", epoch: 0, reason: "drill", by: "somebody", engagedAt: 0)

    @Test func `whoever is not sure says so, whatever there is`() {
        let book = DocumentBook(lease: .seconds(15))
        _ = book.read(Self.published(2), of: Self.key, at: Self.now)
        #expect(
            Self.decision(book) == .degraded(epoch: 1, reason: "no heartbeat of this node is recorded yet")
        )
    }

    @Test func `an injector with a fault comes back in time, and not all at once`() {
        let pacing = PollPacing(lease: .seconds(15), longest: .seconds(50))
        #expect(pacing.hold(wanted: .seconds(20), hasFaults: false, chance: 0) == .seconds(20))
        #expect(pacing.hold(wanted: .seconds(300), hasFaults: false, chance: 0) == .seconds(50))
        #expect(pacing.hold(wanted: .seconds(20), hasFaults: true, chance: 0) == .seconds(3.75))
        #expect(pacing.hold(wanted: .seconds(20), hasFaults: true, chance: 1) == .seconds(5))
        #expect(pacing.hold(wanted: .seconds(1), hasFaults: true, chance: 1) == .seconds(1))
        #expect(pacing.next(waits: true, hasFaults: true, chance: 1) == .zero)
        #expect(pacing.next(waits: false, hasFaults: true, chance: 1) == .seconds(5))
        #expect(pacing.next(waits: false, hasFaults: false, chance: 0) == .seconds(45))
        #expect(
            pacing.afterDegraded(chance: 0) == .seconds(2) && pacing.afterDegraded(chance: 1) == .seconds(5)
        )
    }

    @Test func `a target is noted once a minute, and again where it could not be`() async throws {
        try await History.lend { history in
            let (sightings, seen) = (
                Sightings(), TargetKey(account: History.account, target: "arn:a:b:c:d:e")
            )
            sightings.note(seen, at: History.now)
            sightings.note(seen, at: History.now)
            try await history.database.statement { transaction throws(StoreError) in
                try sightings.flush(in: transaction, at: History.now)
            }
            try await history.database.statement { transaction throws(StoreError) in
                // Nothing is pending: not a statement is sent, and so another may be.
                try sightings.flush(in: transaction, at: History.now)
                _ = try transaction.leverRead()
            }
        }
    }
}
