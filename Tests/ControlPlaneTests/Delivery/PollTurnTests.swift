import Base
import Experiments
import SafetyLever
import Store
import TestSupport
import Testing

@testable import ControlPlane

/// One look at a poll: what is decided, what is noted of its instance, and the bytes that are remembered.
@Suite struct PollTurnTests {
    private static let key = TargetKey(account: required(AccountID("000000000000")), target: "t")
    private static let now = Instant(nanoseconds: 1_000_000_000_000)

    private static func lever(_ status: String = "disengaged", _ epoch: Int64 = 1) -> Lever {
        let id = status == "disengaged" ? nil : "ENG\(epoch)"
        return Lever(state: LeverState(status: status, epoch: epoch), reason: "drill", engagementID: id)
    }

    private static func book(_ census: InstanceCensus = InstanceCensus()) -> DocumentBook {
        let book = DocumentBook(lease: .seconds(15), census: census)
        book.beaten(at: now)
        _ = book.read(DocumentChanges(lever: lever(), documents: [], mark: .start), begunAt: now)
        return book
    }

    private static let faults: JSON = [[.null, ["id": "a"]], ["live", ["id": "b"]]]

    private static func publish(
        _ book: DocumentBook,
        _ change: Int64,
        _ faults: JSON = faults,
        _ lever: Lever = lever()
    ) {
        let document = PublishedDocument(
            lever: lever,
            change: change,
            epoch: lever.state.epoch,
            faults: faults
        )
        _ = book.read(document, of: key, at: .now)
    }

    private static func poll(
        _ book: DocumentBook,
        _ instance: String = "i",
        _ qualifier: String? = nil,
        named: Int64? = nil
    ) -> Poll {
        Poll(
            room: book.room(key),
            instance: instance,
            qualifier: qualifier,
            named: named,
            wait: .zero,
            arrivedAt: now,
            chance: 0
        )
    }

    /// What is told at once.
    private static func told(_ book: DocumentBook, _ qualifier: String? = nil) -> String {
        let turn = book.turn(poll(book, "i", qualifier), at: now) { _ in nil }
        return String(decoding: turn.body, as: UTF8.self)
    }

    private static func text(_ change: Int64, _ faults: String, epoch: Int64 = 1) -> String {
        #"{"target":"t","version":\#(epoch << 32 + change),"epoch":\#(epoch),"faults":[\#(faults)]}"#
    }

    @Test func `the bytes that are remembered are those of the first answer, for each qualifier`() {
        let book = Self.book()
        Self.publish(book, 2)
        let a = #"{"id":"a"}"#
        let both = a + #",{"id":"b"}"#
        for _ in 0..<3 {
            #expect(Self.told(book) == Self.text(2, a))
            #expect(Self.told(book, "live") == Self.text(2, both))
            #expect(Self.told(book, "") == Self.text(2, a))
            // More than are remembered.
            for number in 0..<10 { #expect(Self.told(book, "q\(number)") == Self.text(2, a)) }
        }
        #expect(book.room(Self.key).withState { $0.served.count } <= 4)
    }

    @Test func `nothing that is remembered outlives what it was made from`() {
        let book = Self.book()
        Self.publish(book, 2)
        #expect(Self.told(book) == Self.text(2, #"{"id":"a"}"#))
        Self.publish(book, 3, [[.null, ["id": "c"]]])
        #expect(Self.told(book) == Self.text(3, #"{"id":"c"}"#))
        // A database that was restored counts once more from where it was.
        book.forgetDocuments()
        #expect(Self.told(book) == Self.text(0, ""))
        Self.publish(book, 3, [[.null, ["id": "d"]]])
        #expect(Self.told(book) == Self.text(3, #"{"id":"d"}"#))
    }

    @Test func `an engaged node serves nothing that it remembers`() {
        let book = Self.book()
        Self.publish(book, 2)
        #expect(Self.told(book) == Self.text(2, #"{"id":"a"}"#))
        let latch = Latch(id: "E", epoch: 0, reason: "drill", by: "somebody", engagedAt: 0)
        _ = book.withLever { $0.engage(latch) }
        let turn = book.turn(Self.poll(book), at: Self.now) { _ in nil }
        #expect(turn.decision.faultUntil(from: Self.now) == nil)
        #expect(String(decoding: turn.body, as: UTF8.self) == Self.text(2, "", epoch: 2))
        #expect(Self.told(book, "live") == Self.text(2, "", epoch: 2))
    }

    @Test func `who waits is told nothing and may inject nothing more`() throws {
        let book = Self.book()
        Self.publish(book, 2)
        let version = try #require(FaultVersion(epoch: 1, change: 2)).number
        let later = Self.now + .seconds(5)
        let waits = book.turn(Self.poll(book, named: version), at: Self.now) { _ in later }
        #expect(waits.parkedUntil == later)
        let before = book.room(Self.key).withState { $0.instances["i"] }
        #expect(before == InstanceRecord(named: version, seenAt: Self.now))
        _ = book.turn(Self.poll(book, named: version), at: later) { _ in nil }
        let after = book.room(Self.key).withState { $0.instances["i"] }
        #expect(after?.faultUntil == Self.now + .seconds(15) && after?.seenAt == later)
    }

    @Test func `who finds no place is counted, and served all the same`() {
        let book = Self.book(InstanceCensus(limit: 1))
        Self.publish(book, 2)
        for instance in ["i", "j", "k", "i"] {
            let turn = book.turn(Self.poll(book, instance), at: Self.now) { _ in nil }
            #expect(String(decoding: turn.body, as: UTF8.self) == Self.text(2, #"{"id":"a"}"#))
        }
        book.room(Self.key).withState { state in
            #expect(state.instances.count == 1 && state.untracked == 2)
            #expect(state.untrackedUntil == Self.now + .seconds(15))
        }
    }

    @Test func `a target is noted in each minute once`() {
        let room = TargetRoom(Self.key)
        #expect(room.isFirstSighting(in: 5) && !room.isFirstSighting(in: 5))
        #expect(room.isFirstSighting(in: 6) && !room.isFirstSighting(in: 6))
    }
}
