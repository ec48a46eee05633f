import Testing

@testable import HTTPServer

@Suite struct ResponseWriterTests {
    private static let id = RequestID(high: 0x0123_4567_89AB_CDEF, low: 0xFEDC_BA98_7654_3210)
    private static let general =
        "\r\nDate: D\r\nx-amzn-RequestId: 01234567-89ab-cdef-fedc-ba9876543210\r\n"

    private func written(
        _ shape: Connection.AnswerShape = Connection.AnswerShape(),
        _ body: (inout ResponseWriter) -> Void
    ) -> String {
        var writer = ResponseWriter()
        writer.setDate("D")
        writer.prepare(Self.id, shape)
        body(&writer)
        return String(decoding: writer.output.array(from: 0), as: UTF8.self)
    }

    @Test func `an answer has its general headers, its own, and its length`() {
        let text = written {
            $0.start(.ok)
            $0.header("A", "b")
            $0.header("C", number: -120)
            $0.header("E", number: .min)
            $0.finish(body: [104, 105])
        }
        #expect(
            text == "HTTP/1.1 200 OK\(Self.general)A: b\r\nC: -120\r\nE: -9223372036854775808\r\n"
                + "Content-Length: 2\r\n\r\nhi"
        )
    }

    @Test(arguments: [
        ("a\r\nSet-Cookie: b", "a  Set-Cookie: b"), ("a\r\n\r\n<html>", "a    <html>"),
        ("a\0b\u{7F}", "a b "),
        ("\u{E9}\tb", "\u{E9}\tb"), ("a\u{2028}b\u{85}", "a\u{2028}b\u{85}"), ("", ""),
    ])
    func `no value becomes a header or a body`(value: String, sent: String) {
        let text = written {
            $0.start(.ok)
            $0.header("A", text: value)
            $0.finish()
        }
        #expect(text == "HTTP/1.1 200 OK\(Self.general)A: \(sent)\r\nContent-Length: 0\r\n\r\n")
    }

    @Test func `an answer to HEAD has the length of the body it leaves out`() {
        let text = written(Connection.AnswerShape(omitsBody: true)) {
            $0.start(.ok)
            $0.finish(body: [104, 105])
        }
        #expect(text == "HTTP/1.1 200 OK\(Self.general)Content-Length: 2\r\n\r\n")
    }

    @Test(arguments: [Status.noContent, .notModified])
    func `an answer that cannot have a body has no length either`(status: Status) {
        let text = written {
            $0.start(status)
            $0.finish(body: [104, 105])
        }
        #expect(text == "\(status.line)\(Self.general)\r\n")
    }

    struct Persistence: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let closes: Bool
        let takesChunks: Bool
        let header: String
    }

    @Test(arguments: [
        Persistence(testDescription: "1.1 stays", closes: false, takesChunks: true, header: ""),
        Persistence(
            testDescription: "1.1 closes",
            closes: true,
            takesChunks: true,
            header: "Connection: close\r\n"
        ),
        Persistence(
            testDescription: "1.0 stays",
            closes: false,
            takesChunks: false,
            header: "Connection: keep-alive\r\n"
        ),
        Persistence(
            testDescription: "1.0 closes",
            closes: true,
            takesChunks: false,
            header: "Connection: close\r\n"
        ),
    ])
    func `the connection's fate is said where it is not understood`(each: Persistence) {
        let shape = Connection.AnswerShape(closes: each.closes, takesChunks: each.takesChunks)
        let whole = written(shape) {
            $0.start(.ok)
            $0.finish()
        }
        #expect(whole == "HTTP/1.1 200 OK\(Self.general)Content-Length: 0\r\n\(each.header)\r\n")
        let streamed = written(shape) {
            $0.start(.ok)
            $0.finishHead(chunked: true)
            $0.piece([UInt8](repeating: 97, count: 17), chunked: true)
            $0.lastPiece()
        }
        #expect(
            streamed == "HTTP/1.1 200 OK\(Self.general)Transfer-Encoding: chunked\r\n\(each.header)\r\n"
                + "11\r\n\(String(repeating: "a", count: 17))\r\n0\r\n\r\n"
        )
    }

    @Test func `large answers grow the buffer and keep every byte`() {
        var buffer = OutputBuffer(capacity: 3)
        var expected: [UInt8] = []
        for count in 0..<200 {
            let piece = [UInt8](repeating: UInt8(count), count: count)
            buffer.append(piece)
            buffer.append(7)
            expected += piece + [7]
        }
        buffer.append([UInt8](repeating: 1, count: 3 << 20))
        expected += [UInt8](repeating: 1, count: 3 << 20)
        #expect(buffer.array(from: 0) == expected)
        #expect(buffer.array(from: expected.count - 1) == [1])
        #expect(buffer.array(from: expected.count + 1) == [])
        buffer.removeAll()
        #expect(buffer.isEmpty && buffer.array(from: 0) == [])
    }
}

@Suite struct RequestIDTests {
    @Test func `an id is written as a UUID is`() {
        #expect(RequestID(high: 0, low: 0).description == "00000000-0000-0000-0000-000000000000")
        #expect(RequestID(high: .max, low: .max).description == "ffffffff-ffff-ffff-ffff-ffffffffffff")
        #expect(
            RequestID(high: 0x0123_4567_89AB_CDEF, low: 0x1).description
                == "01234567-89ab-cdef-0000-000000000001"
        )
    }

    @Test func `no id comes twice, from one source or two`() {
        var (one, two) = (RequestIDSource(), RequestIDSource())
        let ids = (0..<20_000).flatMap { _ in [one.next(), two.next()] }
        #expect(Set(ids).count == 40_000)
    }
}
