import CLinux
import Glibc
import Testing

@testable import HTTPServer

extension Request {
    /// The request that `text` is; a head without its headers gets a host.
    static func parsed(_ line: String, headers: String = "Host: a\r\n") throws -> Request {
        let bytes = Array("\(line) HTTP/1.1\r\n\(headers)\r\n".utf8)
        var head = RequestHead()
        let end = try HeadParser(limits: Limits()).parse(bytes.span, in: 0..<bytes.count, into: &head)
        try #require(end == bytes.count)
        return Request(head: head, bytes: bytes, peer: .control)
    }
}
