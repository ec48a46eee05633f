import Testing

@testable import HTTPServer

/// Bytes that are no acceptable request, and why.
struct Refusal: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let text: String
    let failure: ParseFailure
    let status: Int

    init(_ name: String, _ text: String, _ failure: ParseFailure, _ status: Int) {
        testDescription = name
        self.text = text
        self.failure = failure
        self.status = status
    }

    /// Limits small enough for the rows that break them.
    static var limits: Limits {
        var limits = Limits()
        limits.requestLine = 100
        limits.headerBytes = 600
        limits.headerCount = 6
        limits.chunkExtension = 8
        limits.trailers = 24
        return limits
    }

    private static let get = "GET / HTTP/1.1\r\nHost: a\r\n"
    private static let post = "POST /echo HTTP/1.1\r\nHost: a\r\n"
    private static let chunked = "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"

    static let all: [Refusal] = requestLines + headers + framing + chunks

    static let requestLines: [Refusal] = [
        Refusal("no version", "GET /\r\n", .malformedRequestLine, 400),
        Refusal("one word", "GET\r\n", .malformedRequestLine, 400),
        Refusal("three empty lines first", "\r\n\r\n\r\nGET / HTTP/1.1\r\n", .malformedRequestLine, 400),
        Refusal("a space first", " GET / HTTP/1.1\r\n", .malformedRequestLine, 400),
        Refusal("two spaces", "GET  / HTTP/1.1\r\n", .malformedRequestLine, 400),
        Refusal("a space after the version", "GET / HTTP/1.1 \r\n", .malformedRequestLine, 400),
        Refusal("a tab for a space", "GET\t/ HTTP/1.1\r\n", .malformedRequestLine, 400),
        Refusal("a method with a colon", "GE:T / HTTP/1.1\r\n", .malformedRequestLine, 400),
        Refusal("a bare CR in the target", "GET /a\rb HTTP/1.1\r\n", .malformedRequestLine, 400),
        Refusal("a NUL in the target", "GET /a\0b HTTP/1.1\r\n", .malformedRequestLine, 400),
        Refusal("a byte over 127 in the target", "GET /\u{E9} HTTP/1.1\r\n", .malformedRequestLine, 400),
        Refusal("a relative target", "GET a HTTP/1.1\r\n", .malformedRequestLine, 400),
        Refusal("a host alone", "CONNECT a:1 HTTP/1.1\r\n", .malformedRequestLine, 400),
        Refusal("an asterisk for GET", "GET * HTTP/1.1\r\n", .malformedRequestLine, 400),
        Refusal("another scheme", "GET ftp://a/ HTTP/1.1\r\n", .malformedRequestLine, 400),
        Refusal(
            "an absolute target without a host",
            "GET http:///a HTTP/1.1\r\n",
            .malformedRequestLine,
            400
        ),
        Refusal("lower-case version", "GET / http/1.1\r\n", .malformedRequestLine, 400),
        Refusal("HTTP/2.0", "PRI * HTTP/2.0\r\n\r\n", .unsupportedVersion, 505),
        Refusal("HTTP/1.2", "GET / HTTP/1.2\r\n", .unsupportedVersion, 505),
        Refusal("HTTP/0.9", "GET / HTTP/0.9\r\n", .unsupportedVersion, 505),
        Refusal(
            "a long request line",
            "GET /\(String(repeating: "a", count: 100)) HTTP/1.1\r\n",
            .requestLineTooLong,
            414
        ),
        Refusal("a request line without end", String(repeating: "a", count: 101), .requestLineTooLong, 414),
        Refusal("a bare LF after the request line", "GET / HTTP/1.1\n", .bareLineFeed, 400),
        Refusal("a bare LF first", "\nGET / HTTP/1.1\r\n", .bareLineFeed, 400),
    ]

    static let headers: [Refusal] = [
        Refusal("no colon", get + "Header\r\n", .malformedHeader, 400),
        Refusal("no name", get + ": value\r\n", .malformedHeader, 400),
        Refusal("a NUL in a name", get + "A\0: b\r\n", .malformedHeader, 400),
        Refusal("a NUL in a value", get + "A: b\0c\r\n", .malformedHeader, 400),
        Refusal("a DEL in a value", get + "A: b\u{7F}c\r\n", .malformedHeader, 400),
        Refusal("a bracket in a name", get + "A(b): c\r\n", .malformedHeader, 400),
        Refusal("a space before the colon", get + "A : b\r\n", .spaceBeforeColon, 400),
        Refusal("a tab before the colon", get + "A\t: b\r\n", .spaceBeforeColon, 400),
        Refusal(
            "a space before the colon of a length",
            post + "Content-Length : 5\r\n",
            .spaceBeforeColon,
            400
        ),
        Refusal("a space in a name", get + "A b: c\r\n", .spaceBeforeColon, 400),
        Refusal("a value folded by a space", get + "A: b\r\n c\r\n", .foldedHeader, 400),
        Refusal("a value folded by a tab", get + "A: b\r\n\tc\r\n", .foldedHeader, 400),
        Refusal("a fold before any header", "GET / HTTP/1.1\r\n Host: a\r\n", .foldedHeader, 400),
        Refusal("a bare CR in a value", get + "A: b\rc\r\n", .bareCarriageReturn, 400),
        Refusal("a bare CR in a name", get + "A\rb: c\r\n", .bareCarriageReturn, 400),
        Refusal("two CR at the end", get + "A: b\r\r\n", .bareCarriageReturn, 400),
        Refusal("a bare LF after a header", get + "A: b\n", .bareLineFeed, 400),
        Refusal("a bare LF at the end", get + "\n", .bareLineFeed, 400),
        Refusal(
            "seven headers",
            get + (1...6).map { "A\($0): b\r\n" }.joined(),
            .tooManyHeaders,
            431
        ),
        Refusal(
            "large headers",
            get + "A: \(String(repeating: "a", count: 600))\r\n",
            .headersTooLarge,
            431
        ),
        Refusal("headers without end", get + String(repeating: "a", count: 600), .headersTooLarge, 431),
        Refusal("no host", "GET / HTTP/1.1\r\n\r\n", .missingHost, 400),
        Refusal("two hosts", get + "host: b\r\n", .repeatedHost, 400),
        Refusal("an unknown expectation", get + "Expect: 200-ok\r\n", .unsupportedExpectation, 417),
        Refusal("two expectations", get + "Expect: 100-continue, x\r\n", .unsupportedExpectation, 417),
    ]

    static let framing: [Refusal] = [
        Refusal("a length with a plus", post + "Content-Length: +5\r\n", .badContentLength, 400),
        Refusal("a negative length", post + "Content-Length: -5\r\n", .badContentLength, 400),
        Refusal("a hexadecimal length", post + "Content-Length: 0x5\r\n", .badContentLength, 400),
        Refusal("a length with a fraction", post + "Content-Length: 5.0\r\n", .badContentLength, 400),
        Refusal("a list of lengths", post + "Content-Length: 5 ,5\r\n", .badContentLength, 400),
        Refusal("an empty length", post + "Content-Length:\r\n", .badContentLength, 400),
        Refusal("a space inside a length", post + "Content-Length: 5 5\r\n", .badContentLength, 400),
        Refusal("digits of another script", post + "Content-Length: \u{663}\r\n", .badContentLength, 400),
        Refusal(
            "a length beyond every number",
            post + "Content-Length: 18446744073709551621\r\n",
            .badContentLength,
            400
        ),
        Refusal(
            "two different lengths",
            post + "Content-Length: 5\r\nContent-Length: 6\r\n",
            .repeatedContentLength,
            400
        ),
        Refusal(
            "the same length twice",
            post + "Content-Length: 5\r\ncontent-length: 5\r\n",
            .repeatedContentLength,
            400
        ),
        Refusal(
            "length, then encoding",
            post + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n",
            .lengthAndEncoding,
            400
        ),
        Refusal(
            "encoding, then length",
            post + "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n",
            .lengthAndEncoding,
            400
        ),
        Refusal(
            "encoding and a length of nothing",
            post + "Transfer-Encoding: chunked\r\nContent-Length: 0\r\n\r\n",
            .lengthAndEncoding,
            400
        ),
        Refusal("chunked twice", encoded("chunked, chunked"), .unsupportedTransferEncoding, 501),
        Refusal("xchunked", encoded("xchunked"), .unsupportedTransferEncoding, 501),
        Refusal("chunked in quotes", encoded("\"chunked\""), .unsupportedTransferEncoding, 501),
        Refusal("chunked with a parameter", encoded("chunked;q=1"), .unsupportedTransferEncoding, 501),
        Refusal("gzip before chunked", encoded("gzip, chunked"), .unsupportedTransferEncoding, 501),
        Refusal("chunked before identity", encoded("chunked, identity"), .unsupportedTransferEncoding, 501),
        Refusal("identity", encoded("identity"), .unsupportedTransferEncoding, 501),
        Refusal("an empty encoding", encoded(""), .unsupportedTransferEncoding, 501),
        Refusal("a vertical tab before chunked", encoded("\u{0B}chunked"), .malformedHeader, 400),
        Refusal(
            "chunked in two headers",
            post + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n",
            .unsupportedTransferEncoding,
            501
        ),
        Refusal(
            "chunked in HTTP/1.0",
            "POST /echo HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n",
            .encodingInOldVersion,
            400
        ),
        Refusal("a body over the limit", post + "Content-Length: 65537\r\n\r\n", .bodyTooLarge, 413),
        Refusal(
            "a body that nobody could store",
            post + "Content-Length: 999999999999999999\r\n\r\n",
            .bodyTooLarge,
            413
        ),
    ]

    static let chunks: [Refusal] = [
        Refusal("a chunk without a size", chunked + "\r\n", .badChunkSize, 400),
        Refusal("0x before a size", chunked + "0x5\r\nabcde\r\n", .badChunkSize, 400),
        Refusal("a negative size", chunked + "-5\r\n", .badChunkSize, 400),
        Refusal("a size with a plus", chunked + "+5\r\n", .badChunkSize, 400),
        Refusal("a space before a size", chunked + " 5\r\n", .badChunkSize, 400),
        Refusal("a space after a size", chunked + "5 \r\n", .badChunkSize, 400),
        Refusal("a size of 16 digits", chunked + "8000000000000005\r\n", .badChunkSize, 400),
        Refusal("a bare LF after a size", chunked + "5\nabcde\r\n", .badChunkSize, 400),
        Refusal("a bare LF after an extension", chunked + "5;a\nabcde\r\n", .badChunkSize, 400),
        Refusal("a bare CR after a size", chunked + "5\rabcde\r\n", .badChunkSize, 400),
        Refusal("a size over the limit", chunked + "10001\r\n", .bodyTooLarge, 413),
        Refusal("a size of 15 digits", chunked + "fffffffffffffff\r\n", .bodyTooLarge, 413),
        Refusal("a sum over the limit", chunked + "1\r\na\r\n10000\r\n", .bodyTooLarge, 413),
        Refusal("data longer than its size", chunked + "1\r\nab\r\n", .badChunkEnd, 400),
        Refusal("a bare LF after data", chunked + "1\r\na\n", .badChunkEnd, 400),
        Refusal("a bare CR after data", chunked + "1\r\na\r0\r\n", .badChunkEnd, 400),
        Refusal("a long extension", chunked + "1;aaaaaaaaa\r\n", .chunkExtensionTooLong, 400),
        Refusal("long trailers", chunked + "0\r\nA: aaaaaaaaaaaaaaaaaaaaaaa\r\n", .trailersTooLarge, 431),
        Refusal(
            "many trailers",
            chunked + "0\r\nA: b\r\nA: b\r\nA: b\r\nA: b\r\nA: b\r\n",
            .trailersTooLarge,
            431
        ),
        Refusal("a bare LF in trailers", chunked + "0\r\nA: b\n", .bareLineFeed, 400),
        Refusal("a bare CR in trailers", chunked + "0\r\nA: b\rc\r\n", .bareCarriageReturn, 400),
        Refusal("a NUL in trailers", chunked + "0\r\nA: \0\r\n", .malformedHeader, 400),
    ]

    private static func encoded(_ value: String) -> String { post + "Transfer-Encoding: \(value)\r\n" }
}
