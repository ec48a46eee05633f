import CLinux
import Glibc
import Testing

@testable import HTTPServer

@Suite struct PeerTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let address: String
        let text: String
        let isLoopback: Bool
        var testDescription: String { address }
    }

    @Test(arguments: [
        Case(address: "127.0.0.1", text: "127.0.0.1:8080", isLoopback: true),
        Case(address: "127.255.0.9", text: "127.255.0.9:8080", isLoopback: true),
        Case(address: "192.168.1.254", text: "192.168.1.254:8080", isLoopback: false),
        Case(address: "0.0.0.0", text: "0.0.0.0:8080", isLoopback: false),
        Case(address: "::1", text: "[0:0:0:0:0:0:0:1]:8080", isLoopback: true),
        Case(address: "::", text: "[0:0:0:0:0:0:0:0]:8080", isLoopback: false),
        Case(
            address: "2001:db8::ff00:42:8329",
            text: "[2001:db8:0:0:0:ff00:42:8329]:8080",
            isLoopback: false
        ),
        Case(address: "::ffff:127.0.0.1", text: "[0:0:0:0:0:ffff:7f00:1]:8080", isLoopback: true),
        Case(address: "::ffff:10.1.2.3", text: "[0:0:0:0:0:ffff:a01:203]:8080", isLoopback: false),
        Case(address: "1::1", text: "[1:0:0:0:0:0:0:1]:8080", isLoopback: false),
        Case(address: "::2:0:0:1", text: "[0:0:0:0:2:0:0:1]:8080", isLoopback: false),
    ])
    func `an address is written as it is read`(each: Case) throws {
        let address = try #require(SocketAddress(host: each.address, port: 8_080))
        var storage = sockaddr_storage()
        let length = address.withSocketAddress { pointer, length in
            withUnsafeMutableBytes(of: &storage) {
                $0.copyMemory(from: UnsafeRawBufferPointer(start: pointer, count: Int(length)))
            }
            return CInt(length)
        }
        #expect(length != nil)
        let peer = InlineAddress(storage)
        #expect(peer.description == each.text)
        #expect(peer.isLoopback == each.isLoopback)
        #expect(peer.port == 8_080)
        #expect(Peer.network(peer).description == each.text)
        // What it is written as names the same address again.
        #expect(SocketAddress(each.text)?.port == 8_080)
    }

    @Test func `an address of no known family is nobody's`() {
        #expect(InlineAddress(sockaddr_storage()).description == "0.0.0.0:0")
        #expect(Peer.control.description == "control socket")
    }
}

@Suite struct SocketAddressTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let text: String
        let expected: String?
        let isLoopback: Bool
        var testDescription: String { text }

        init(_ text: String, _ expected: String?, isLoopback: Bool = false) {
            (self.text, self.expected, self.isLoopback) = (text, expected, isLoopback)
        }
    }

    @Test(arguments: [
        Case("127.0.0.1:8080", "127.0.0.1:8080", isLoopback: true),
        Case("localhost:1", "127.0.0.1:1", isLoopback: true), Case("0.0.0.0:0", "0.0.0.0:0"),
        Case("[::1]:65535", "[::1]:65535", isLoopback: true), Case("[::]:80", "[::]:80"), Case("::1:80", nil),
        Case("[::1]", nil), Case("127.0.0.1", nil), Case("127.0.0.1:", nil), Case("127.0.0.1:65536", nil),
        Case("127.0.0.1:-1", nil), Case("example.org:80", nil), Case(":80", nil), Case("1.2.3:80", nil),
        Case("1.2.3.256:80", nil), Case("[127.0.0.1]:80", nil), Case("", nil),
    ])
    func `a listening address is numeric, with a port`(each: Case) {
        let address = SocketAddress(each.text)
        #expect(address?.description == each.expected)
        #expect(address?.isLoopback ?? false == each.isLoopback)
    }
}
