import Testing

@testable import Base

/// Durations in buckets: where each goes, what is read from them, and how they are written.
@Suite struct DurationHistogramTests {
    @Test func `four buckets go to each doubling, from a millisecond to a quarter of an hour`() {
        let bounds = (0..<DurationHistogram.bucketCount).map { DurationHistogram.upperBound(of: $0) }
        #expect(bounds[0] == 1 && bounds[4] == 2 && bounds[40] == 1_024)
        #expect(abs(bounds[1] - 1.189_207) < 1e-6)
        #expect(bounds == bounds.sorted() && bounds[80] >= 900_000 && bounds[79] < 900_000)
    }

    private static let places: [Case<Duration, Int>] = [
        Case("nothing", .zero, 0), Case("less than nothing", .milliseconds(-5), 0),
        Case("a bound", .milliseconds(1), 0), Case("just past it", .nanoseconds(1_000_001), 1),
        Case("two milliseconds", .milliseconds(2), 4), Case("1.024 seconds", .milliseconds(1_024), 40),
        Case("a quarter of an hour", .seconds(900), 80), Case("a year", .seconds(31_536_000), 80),
        Case("too long for a clock", .seconds(Int64.max), 80),
    ]

    @Test(arguments: places)
    func `a duration goes into the first bucket that it fits`(_ place: Case<Duration, Int>) {
        #expect(DurationHistogram.bucket(of: place.input) == place.output)
    }

    @Test func `percentiles are less than a fifth off`() throws {
        for scale in [3, 40, 7_000] {
            var histogram = DurationHistogram()
            for step in 1...1_000 { histogram.add(.microseconds(step * scale)) }
            for share in [0.5, 0.9, 0.95, 0.99] {
                let exact = share * Double(scale)
                let read = try #require(histogram.percentile(share))
                #expect(exact < 1 || abs(read - exact) < exact * 0.19, "\(share) of \(scale): \(read)")
            }
        }
    }

    @Test func `where all take the same, the answer is in their bucket, and less than a fifth off`() throws {
        func read(_ microseconds: Int, _ share: Double) throws -> Double {
            var histogram = DurationHistogram()
            for _ in 1...1_000 { histogram.add(.microseconds(microseconds)) }
            return try #require(histogram.percentile(share))
        }
        // The examples of docs/stop-conditions.md.
        #expect(try read(750_000, 0.99).rounded() == 860 && read(850_000, 0.5).rounded() == 790)
        #expect(try read(861_000, 0.99) < 861.1 && read(861_000, 1) < 861.1 && read(861_200, 0.5) > 861.1)
        for exact in [1.1, 1.19, 1.999, 723, 725, 861, 862, 899_999] {
            for share in [0.01, 0.5, 0.99, 1] {
                let read = try read(Int(exact * 1_000), share)
                #expect(abs(read - exact) < exact * 0.19, "\(share) of \(exact): \(read)")
            }
        }
    }

    @Test func `percentiles of little`() {
        var histogram = DurationHistogram()
        #expect(histogram.percentile(0.5) == nil && histogram.isEmpty)
        histogram.add(.milliseconds(800))
        #expect(histogram.percentile(0.01) == histogram.percentile(0.99))
        #expect(histogram.percentile(0.5) == DurationHistogram.upperBound(of: 39))
        for _ in 1...99 { histogram.add(.milliseconds(1)) }
        #expect(histogram.percentile(0.99) == 1)
        #expect(histogram.percentile(1) == DurationHistogram.upperBound(of: 39))
        #expect(histogram.percentile(.infinity) == histogram.percentile(1))
    }

    @Test func `adding up is the same whatever the order, and never overflows`() {
        var (one, two) = (DurationHistogram(), DurationHistogram())
        one.add(3, in: 7)
        two.add(4, in: 7)
        two.add(1, in: 80)
        two.add(9, in: 81)
        two.add(9, in: -1)
        two.add(-9, in: 7)
        var (left, right) = (one, two)
        left.add(two)
        right.add(one)
        #expect(left == right && left.total == 8)
        left.add(.max, in: 7)
        left.add(.max, in: 7)
        left.add(left)
        #expect(left.total > 0 && left.percentile(0.5) != nil)
    }

    @Test func `it is written by its buckets' numbers, and read back`() {
        var histogram = DurationHistogram()
        #expect(histogram.json == [:] && DurationHistogram([:]) == histogram)
        histogram.add(5, in: 12)
        histogram.add(1, in: 0)
        #expect(histogram.json == ["0": 1, "12": 5])
        #expect(DurationHistogram(histogram.json) == histogram)
        #expect(DurationHistogram(["0": 0]) == DurationHistogram())
    }

    private static let malformed: [JSON] = [
        [], "12", .null, ["81": 1], ["-1": 1], ["x": 1], ["+1": 1], ["01": 1], ["1": -1], ["1": 1.5.json],
        ["1": "1"], ["1": 101],
    ]

    @Test(arguments: malformed) func `what is none is refused`(_ json: JSON) {
        #expect(DurationHistogram(json, atMost: 100) == nil)
    }

    @Test func `a bucket twice is refused`() {
        #expect(DurationHistogram(.object([.init("1", 1), .init("1", 1)])) == nil)
    }
}

extension Double {
    fileprivate var json: JSON { .number(self) }
}
