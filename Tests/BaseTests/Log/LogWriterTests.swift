import Base
import Glibc
import Testing

@Suite struct LogWriterTests {
    private static func line(_ number: Int, length: Int = 1_024) -> [UInt8] {
        let text = "{\"line\":\(number),\"pad\":\""
        return Array((text + String(repeating: "x", count: length - text.utf8.count - 3) + "\"}\n").utf8)
    }

    @Test func `lines are written whole and in order`() throws {
        let pipe = try LoosePipe()
        let writer = try LogWriter(descriptor: pipe.writing)
        for number in 0..<40 { writer.append(Self.line(number)) }
        writer.flush()
        let expected = (0..<40).flatMap { Self.line($0) }
        #expect(try pipe.reading.read(upTo: 1 << 20) == expected)
        #expect(!isReadable(pipe.reading.raw))
    }

    @Test func `a reader that stalls costs lines, not memory, and is told how many`() throws {
        let pipe = try LoosePipe()
        let writer = try LogWriter(descriptor: pipe.writing)
        let sent = 12_000
        // Nobody reads: the pipe takes 64 KiB, the writer may keep one batch in hand and 4 MiB waiting.
        for number in 0..<sent { writer.append(Self.line(number)) }

        var seen: [Int] = []
        var dropped = 0
        try readLines(from: pipe.reading) { line in
            if let number = line["line"]?.whole {
                seen.append(Int(number))
            } else {
                #expect(line["msg"] == "log lines dropped" && line["level"] == "warning")
                dropped += Int(line["log.dropped"]?.whole ?? 0)
            }
            return seen.count + dropped == sent
        }
        #expect(dropped >= sent - 2 * (4 << 10) - 64)
        #expect(seen == seen.sorted() && Set(seen).count == seen.count)
        #expect(seen.first == 0)

        writer.append(Self.line(sent))
        writer.flush()
        #expect(try pipe.reading.read(upTo: 1 << 20) == Self.line(sent), "the count is told once")
    }

    @Test func `flushing a log that nobody reads ends`() throws {
        let pipe = try LoosePipe()
        let writer = try LogWriter(descriptor: pipe.writing)
        for number in 0..<100 { writer.append(Self.line(number)) }
        let start = Instant.now
        writer.flush()
        #expect(Instant.now - start < .seconds(10))
        // Let the thread go on to wait for lines instead of for a reader.
        var bytes = 0
        while bytes < 100 * 1_024 { bytes += try pipe.reading.read(upTo: 1 << 20).count }
    }

    @Test func `a log whose reader is gone takes the service along nowhere`() async {
        await #expect(processExitsWith: .success) {
            let pipe = try LoosePipe()
            let writing = pipe.writing
            let writer = try LogWriter(descriptor: writing)
            close(pipe.reading.release())
            for number in 0..<10 { writer.append(LogWriterTests.line(number)) }
            writer.flush()
            exit(EXIT_SUCCESS)
        }
    }

    /// Hands on each line until `isEnough`; a reader that hears nothing for ten seconds has failed.
    private func readLines(from reading: borrowing FileDescriptor, isEnough: (JSON) throws -> Bool) throws {
        var rest: ArraySlice<UInt8> = []
        while true {
            try #require(isReadable(reading.raw, within: .seconds(10)), "the log fell silent")
            rest += try reading.read(upTo: 1 << 20)
            while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
                let line = try JSON(parsing: Array(rest[..<end]))
                rest = rest[(end + 1)...]
                if try isEnough(line) { return }
            }
        }
    }
}
