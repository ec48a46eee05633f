/// What is wrong with a request as bytes; each case has its status and a sentence for the peer.
package enum ParseFailure: Error, CaseIterable, Sendable {
    case malformedRequestLine
    case unsupportedVersion
    case requestLineTooLong
    case malformedHeader
    case spaceBeforeColon
    case foldedHeader
    case bareCarriageReturn
    case bareLineFeed
    case tooManyHeaders
    case headersTooLarge
    case missingHost
    case repeatedHost
    case badContentLength
    case repeatedContentLength
    case lengthAndEncoding
    case unsupportedTransferEncoding
    case encodingInOldVersion
    case unsupportedExpectation
    case bodyTooLarge
    case badChunkSize
    case badChunkEnd
    case chunkExtensionTooLong
    case trailersTooLarge
    case headTooSlow
    case bodyTooSlow
}

extension ParseFailure {
    package var status: Status {
        switch self {
        case .malformedRequestLine, .malformedHeader, .spaceBeforeColon, .foldedHeader, .bareCarriageReturn,
            .bareLineFeed, .missingHost, .repeatedHost, .badContentLength, .repeatedContentLength,
            .lengthAndEncoding, .encodingInOldVersion, .badChunkSize, .badChunkEnd, .chunkExtensionTooLong:
            .badRequest
        case .headTooSlow, .bodyTooSlow: .requestTimeout
        case .bodyTooLarge: .contentTooLarge
        case .requestLineTooLong: .uriTooLong
        case .unsupportedExpectation: .expectationFailed
        case .tooManyHeaders, .headersTooLarge, .trailersTooLarge: .headersTooLarge
        case .unsupportedTransferEncoding: .notImplemented
        case .unsupportedVersion: .versionNotSupported
        }
    }

    package var message: String {
        switch self {
        case .malformedRequestLine: "The request line is not METHOD SP TARGET SP HTTP/1.1, in visible ASCII."
        case .unsupportedVersion: "Only HTTP/1.1 and HTTP/1.0 are spoken here."
        case .requestLineTooLong: "The request line is longer than this server accepts."
        case .malformedHeader: "A header line is not NAME: VALUE, or holds a control character."
        case .spaceBeforeColon: "A header name is followed by a space before its colon."
        case .foldedHeader: "A header value is folded over several lines; send it on one."
        case .bareCarriageReturn: "A carriage return stands without its line feed."
        case .bareLineFeed: "A line ends in a line feed without its carriage return."
        case .tooManyHeaders: "The request has more header lines than this server accepts."
        case .headersTooLarge: "The request's headers are larger than this server accepts."
        case .missingHost: "An HTTP/1.1 request needs a Host header."
        case .repeatedHost: "The Host header stands more than once."
        case .badContentLength: "Content-Length is not a whole number of bytes."
        case .repeatedContentLength: "Content-Length stands more than once."
        case .lengthAndEncoding: "The request has both Content-Length and Transfer-Encoding."
        case .unsupportedTransferEncoding: "The only transfer encoding understood here is chunked, alone."
        case .encodingInOldVersion: "Transfer-Encoding is not part of HTTP/1.0."
        case .unsupportedExpectation: "The only expectation understood here is 100-continue."
        case .bodyTooLarge: "The body is larger than this request may have."
        case .badChunkSize: "A chunk does not start with its size in hexadecimal digits."
        case .badChunkEnd: "A chunk's data is not followed by its line end."
        case .chunkExtensionTooLong: "A chunk's extension is longer than this server accepts."
        case .trailersTooLarge: "The trailers are larger than this server accepts."
        case .headTooSlow: "The request's head did not arrive in time."
        case .bodyTooSlow: "The request's body did not arrive in time."
        }
    }
}
