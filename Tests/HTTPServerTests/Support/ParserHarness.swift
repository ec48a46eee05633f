@testable import HTTPServer

/// A request as the parser understood it.
struct ParsedRequest: Equatable {
    var method = ""
    var path = ""
    var query = ""
    var headers: [String] = []
    var body: [UInt8] = []
    var keepsAlive = true
    var expectsContinue = false
    var isOldVersion = false
}

/// Where the bytes of a connection left the parser.
enum ParseEnd: Equatable {
    case betweenRequests
    case insideHead
    case insideBody
    case refused(ParseFailure)
}

/// Feeds bytes to the parser as a connection does, in whatever pieces, and collects what it understood.
struct ParserHarness {
    var limits = Limits()
    var bodyLimit = 64 << 10

    /// `cuts` are the positions at which a new piece begins, in order.
    func run(_ bytes: [UInt8], cuts: [Int] = []) -> (requests: [ParsedRequest], end: ParseEnd) {
        let parser = HeadParser(limits: limits)
        var head = RequestHead()
        var requests: [ParsedRequest] = []
        var pending: (ParsedRequest, BodyDecoder)?
        var position = 0
        for arrived in cuts + [bytes.count] {
            do throws(ParseFailure) {
                while position < arrived {
                    if var (request, decoder) = pending {
                        pending = nil
                        let next = try decoder.consume(bytes.span, in: position..<arrived)
                        if next < position || next > arrived { return (requests, .refused(.malformedHeader)) }
                        position = next
                        if decoder.isComplete {
                            request.body = decoder.body
                            requests.append(request)
                        } else {
                            pending = (request, decoder)
                        }
                    } else {
                        guard let next = try parser.parse(bytes.span, in: position..<arrived, into: &head)
                        else {
                            break
                        }
                        position = next
                        let request = Self.describe(head, bytes)
                        if head.framing == .none {
                            requests.append(request)
                        } else {
                            pending = (
                                request,
                                try BodyDecoder(framing: head.framing, limit: bodyLimit, limits: limits)
                            )
                        }
                    }
                }
            } catch {
                return (requests, .refused(error))
            }
        }
        if pending != nil { return (requests, .insideBody) }
        return (requests, position < bytes.count ? .insideHead : .betweenRequests)
    }

    private static func describe(_ head: RequestHead, _ bytes: [UInt8]) -> ParsedRequest {
        func text(_ range: Range<Int32>) -> String { String(decoding: bytes[range.places], as: UTF8.self) }
        return ParsedRequest(
            method: text(head.methodName),
            path: text(head.path),
            query: text(head.query),
            headers: head.headers.map { "\(text($0.name)): \(text($0.value))" },
            keepsAlive: head.keepsAlive,
            expectsContinue: head.expectsContinue,
            isOldVersion: head.isOldVersion
        )
    }
}
