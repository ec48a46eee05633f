import Base
import Testing

@testable import ControlPlane

/// A report counts once, in whatever order reports come and however often.
@Suite struct ReportWindowTests {
    private static let start = Instant(nanoseconds: 1_000)
    private static let time = Timestamp(seconds: 1_000)

    private func verdicts(_ numbers: [Int64]) -> [ReportWindow.Verdict] {
        var window = ReportWindow(since: nil, at: Self.start)
        return numbers.map { window.take($0, since: nil, at: Self.start, Self.time) }
    }

    @Test func `the known orders`() {
        #expect(verdicts([1, 2, 3]) == [.taken, .taken, .taken])
        #expect(verdicts([1, 1, 2, 1, 2]) == [.taken, .repeated, .taken, .repeated, .repeated])
        #expect(verdicts([3, 1, 2, 1]) == [.taken, .taken, .taken, .repeated])
        #expect(verdicts([64, 1, 65, 1, 2]) == [.taken, .taken, .taken, .tooOld, .taken])
        #expect(verdicts([1, 200, 136, 137, 137]) == [.taken, .taken, .tooOld, .taken, .repeated])
        #expect(
            verdicts([.max, .max, 1, .max - 63, .max - 64]) == [.taken, .repeated, .tooOld, .taken, .tooOld]
        )
        #expect(verdicts([0, -1, .min, 1]) == [.tooOld, .tooOld, .tooOld, .taken])
    }

    @Test("shuffled and doubled, each is taken once", arguments: 1...50 as ClosedRange<UInt64>)
    func shuffled(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        // No report is more than 60 behind another, as in a network that delays.
        let numbers = (1...500 as ClosedRange<Int64>).flatMap { number in
            (0..<Int64.random(in: 1...3, using: &random)).map { _ in
                (number: number, place: number + .random(in: 0...60, using: &random))
            }
        }.sorted { $0.place < $1.place }.map(\.number)
        let taken = zip(numbers, verdicts(numbers)).filter { $0.1 == .taken }.map(\.0)
        #expect(taken.sorted() == Array(1...500))
    }

    @Test func `an instance that began anew counts from 1 again, and its former life is past telling`() {
        var window = ReportWindow(since: Timestamp(seconds: 100), at: Self.start)
        #expect(window.take(500, since: Timestamp(seconds: 100), at: Self.start, Self.time) == .taken)
        #expect(window.take(1, since: Timestamp(seconds: 200), at: Self.start, Self.time) == .taken)
        #expect(window.take(1, since: Timestamp(seconds: 200), at: Self.start, Self.time) == .repeated)
        #expect(window.take(501, since: Timestamp(seconds: 100), at: Self.start, Self.time) == .tooOld)
        #expect(
            window.take(2, since: nil, at: Self.start, Self.time) == .taken,
            "who does not say means the same life"
        )
        #expect(window.take(2, since: Timestamp(seconds: 200), at: Self.start, Self.time) == .repeated)
    }

    @Test func `who was seen later stays so`() {
        var window = ReportWindow(since: nil, at: Self.start)
        _ = window.take(1, since: nil, at: Self.start + .seconds(9), Self.time)
        _ = window.take(2, since: nil, at: Self.start + .seconds(3), Self.time)
        #expect(window.seenAt == Self.start + .seconds(9))
    }

    @Test func `a beginning in the future gives way to any other, and to none once it has passed`() {
        let (ahead, real) = (Timestamp(seconds: 4_600), Timestamp(seconds: 990))
        var window = ReportWindow(since: ahead, at: Self.start)
        #expect(window.take(7, since: ahead, at: Self.start, Self.time) == .taken)
        #expect(window.take(7, since: ahead, at: Self.start, Self.time) == .repeated)
        var later = window
        #expect(window.take(1, since: real, at: Self.start, Self.time) == .taken)
        #expect(window.take(1, since: real, at: Self.start, Self.time) == .repeated)
        #expect(later.take(1, since: real, at: Self.start, ahead) == .tooOld)
    }

    @Test func `what is too old is no sign of life`() {
        var window = ReportWindow(since: Timestamp(seconds: 100), at: Self.start)
        let later = Self.start + .seconds(5)
        _ = window.take(100, since: nil, at: Self.start, Self.time)
        #expect(window.take(1, since: Timestamp(seconds: 99), at: later, Self.time) == .tooOld)
        #expect(window.take(1, since: nil, at: later, Self.time) == .tooOld && window.seenAt == Self.start)
        #expect(window.take(100, since: nil, at: later, Self.time) == .repeated && window.seenAt == later)
    }
}
