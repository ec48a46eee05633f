import Base
import Testing

@Suite struct LoggerTests {
    private let log = MemoryLog()
    private let clock = Clock(
        now: { Instant(nanoseconds: 0) },
        wall: { Timestamp(nanoseconds: 1_795_195_841_123_000_000) }
    )

    private func logger(_ minimum: Logger.Level = .info) -> Logger {
        Logger(sink: log, minimum: minimum, clock: clock)
    }

    @Test func `a line is one JSON object in a fixed order`() {
        logger().warning(
            "experiment stopped",
            .field("experiment.id", "EXP1"),
            .field("experiment.actions", 3)
        )
        let start = #"{"ts":"2026-11-20T17:30:41.123Z","level":"warning","msg":"experiment stopped","#
        #expect(log.all == [start + #""experiment.id":"EXP1","experiment.actions":3}"# + "\n"])
    }

    private static let fields: [Case<Logger.Field, String>] = [
        Case("a text", .field("a", "b"), #""b""#),
        Case("a part of a text", .field("a", "bcd".dropFirst()), #""cd""#),
        Case("a number", .field("a", -1), "-1"),
        Case("a small number", .field("a", Int32(7)), "7"),
        Case("a large number", .field("a", Int64.max), "9223372036854775807"),
        Case("a fraction", .field("a", 0.25), "0.25"),
        Case("a truth", .field("a", true), "true"),
        Case(
            "an error",
            .field("a", SystemError(call: "open", code: 2)),
            #""open: No such file or directory""#
        ),
        Case("a forged line", .field("a", "b\"}\n{\"level\":\"error\"}"), #""b\"}\n{\"level\":\"error\"}""#),
        Case("a terminal's escape", .field("a", "\u{1B}[31m"), #""\u001b[31m""#),
    ]

    @Test(arguments: fields) func `a field is written as what it is`(_ row: Case<Logger.Field, String>) throws
    {
        logger().info("x", row.input)
        let line = try #require(log.all.first)
        #expect(log.all.count == 1)
        #expect(line.hasSuffix(#""msg":"x","a":"# + row.output + "}\n"))
        #expect(line.utf8.count(where: { $0 == UInt8(ascii: "\n") }) == 1)
    }

    @Test(arguments: Logger.Level.allCases) func `what matters less is left out`(minimum: Logger.Level) throws
    {
        let logger = logger(minimum)
        logger.debug("x")
        logger.info("x")
        logger.warning("x")
        logger.error("x")
        let levels = try log.all.map { try JSON(parsing: Array($0.dropLast().utf8))["level"]?.text }
        #expect(levels == Logger.Level.allCases.filter { $0 >= minimum }.map(\.rawValue))
    }

    @Test func `a logger's own fields are on every line, before the line's`() {
        let parent = logger()
        let child = parent.with(.field("request.id", "r1")).with(.field("key.id", "k1"))
        child.info("x", .field("a", 1))
        child.info("y")
        parent.info("z")
        let tails = log.all.map { String($0.split(separator: #""msg":"#, maxSplits: 1).last ?? "") }
        let own = #","request.id":"r1","key.id":"k1""#
        #expect(tails == ["\"x\"\(own),\"a\":1}\n", "\"y\"\(own)}\n", "\"z\"}\n"])
    }

    @Test func `levels are in order of what matters`() {
        #expect(Logger.Level.allCases.sorted() == [.debug, .info, .warning, .error])
    }
}
