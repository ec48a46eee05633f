import Base
import Testing

@testable import Experiments

/// The condition that ends a fault in a library which keeps what it read.
@Suite struct EventExpiryTests {
    private static let start = DialectTests.start

    /// The pattern that is told at that second for a fault that ends at that one.
    private func pattern(_ shape: EventShape, at second: Int64, end: Int64) throws -> String {
        let fault = DialectTests.fault("aws:lambda:invocation-add-delay", to: end)
        let now = Self.start + .seconds(second)
        let flag = try #require(
            Dialect.failureLambda.reading(of: [fault], at: now, shape: shape).value["latency"]
        )
        let match = try #require(flag["match"]?[0])
        #expect(match["path"]?.text == shape.path && match["operator"] == "regex")
        return try #require(match["value"]?.text)
    }

    @Test(arguments: EventShape.allCases) func `an event before the end matches, and none from then on`(
        _ shape: EventShape
    ) throws {
        // No end of a minute or a second, so that most digits count.
        for end in [30, 37, 41] as [Int64] {
            let text = try pattern(shape, at: 1, end: end)
            #expect(text.utf8.count <= 512)
            let regex = try Regex(text)
            for second in -100..<200 {
                let event = shape.written(Self.start + .seconds(second))
                #expect((event.wholeMatch(of: regex) != nil) == (second < end), "\(event) \(end)")
            }
        }
    }

    @Test func `milliseconds count where an event tells them`() throws {
        let regex = try Regex(try pattern(.httpAPI, at: 1, end: 30))
        let end = Self.start + .seconds(30)
        #expect("\(end.nanoseconds / 1_000_000 - 1)".wholeMatch(of: regex) != nil)
        #expect("\(end.nanoseconds / 1_000_000)".wholeMatch(of: regex) == nil)
        for other in ["", "1", "0", "17900000", "179000000000000", "yesterday"] {
            #expect(other.wholeMatch(of: regex) == nil, "\(other)")
        }
    }

    @Test func `a copy that is kept for good ends between 60 and 75 seconds after it was read`() throws {
        for read in 0..<40 as Range<Int64> {
            let regex = try Regex(try pattern(.httpAPI, at: read, end: 3_000))
            let lasts = (0..<200 as Range<Int64>).last { second in
                let event = EventShape.httpAPI.written(Self.start + .seconds(read + second))
                return event.wholeMatch(of: regex) != nil
            }
            #expect((60...75).contains(try #require(lasts)), "read at \(read)")
        }
    }

    @Test func `what is told changes no more often than every 15 seconds`() throws {
        let texts = try (0..<60).map { try pattern(.httpAPI, at: $0, end: 3_000) }
        #expect(Set(texts).count == 5)
        let fault = DialectTests.fault("aws:lambda:invocation-add-delay", to: 3_000)
        let reading = Dialect.failureLambda.reading(of: [fault], at: Self.start, shape: .httpAPI)
        let until = try #require(reading.until)
        #expect(until > Self.start && until <= Self.start + .seconds(15))
    }

    @Test func `each fault has an end of its own`() throws {
        let faults = [
            DialectTests.fault("aws:lambda:invocation-add-delay", id: "EXPa/A", to: 20),
            DialectTests.fault(
                "aws:lambda:invocation-error",
                ["preventExecution": "true"],
                id: "EXPa/B",
                to: 300
            ),
        ]
        let value = Dialect.failureLambda.reading(of: faults, at: Self.start, shape: .httpAPI).value
        func matches(_ flag: String, _ second: Int64) throws -> Bool {
            let text = try #require(value[flag]?["match"]?[0]?["value"]?.text)
            return EventShape.httpAPI.written(Self.start + .seconds(second)).wholeMatch(of: try Regex(text))
                != nil
        }
        #expect(try matches("latency", 19) && !matches("latency", 20))
        #expect(try matches("exception", 20) && matches("exception", 59))
    }

    @Test func `only the library that looks into events is told a condition`() {
        let fault = DialectTests.fault("aws:lambda:invocation-add-delay")
        for dialect in [Dialect.chaosLambda, .failureLambdaZero] {
            let plain = dialect.reading(of: [fault], at: Self.start)
            #expect(dialect.reading(of: [fault], at: Self.start, shape: .httpAPI) == plain)
        }
    }
}
