import CLinux
import Glibc
import Testing

@testable import HTTPServer

@Suite struct PeerTests {
    private let port: UInt16 = 4_711

    struct Case: Sendable, CustomTestStringConvertible {
        let address: String
        let text: String
        let isLoopback: Bool
        var testDescription: String { address }
    }

    @Test(arguments: [
        Case(address: "127.0.0.1", text: "127.0.0.1", isLoopback: true),
        Case(address: "127.255.0.9", text: "127.255.0.9", isLoopback: true),
        Case(address: "192.168.1.254", text: "192.168.1.254", isLoopback: false),
        Case(address: "0.0.0.0", text: "0.0.0.0", isLoopback: false),
        Case(address: "::1", text: "[0:0:0:0:0:0:0:1]", isLoopback: true),
        Case(address: "::", text: "[0:0:0:0:0:0:0:0]", isLoopback: false),
        Case(
            address: "2001:db8::ff00:42:8329",
            text: "[2001:db8:0:0:0:ff00:42:8329]",
            isLoopback: false
        ),
        Case(address: "::ffff:127.0.0.1", text: "[0:0:0:0:0:ffff:7f00:1]", isLoopback: true),
        Case(address: "::ffff:10.1.2.3", text: "[0:0:0:0:0:ffff:a01:203]", isLoopback: false),
        Case(address: "1::1", text: "[1:0:0:0:0:0:0:1]", isLoopback: false),
        Case(address: "::2:0:0:1", text: "[0:0:0:0:2:0:0:1]", isLoopback: false),
    ])
    func `an address is written as it is read`(each: Case) throws {
        let address = try #require(SocketAddress(host: each.address, port: port))
        var storage = sockaddr_storage()
        let length = address.withSocketAddress { pointer, length in
            withUnsafeMutableBytes(of: &storage) {
                $0.copyMemory(from: UnsafeRawBufferPointer(start: pointer, count: Int(length)))
            }
            return CInt(length)
        }
        #expect(length != nil)
        let peer = InlineAddress(storage)
        #expect(peer.description == "\(each.text):\(port)")
        #expect(peer.isLoopback == each.isLoopback)
        #expect(peer.port == port)
        #expect(Peer.network(peer).description == "\(each.text):\(port)")
        // What it is written as names the same address again.
        #expect(SocketAddress("\(each.text):\(port)")?.port == port)
    }

    @Test func `an address of no known family is nobody's`() {
        #expect(InlineAddress(sockaddr_storage()).description == "0.0.0.0:0")
        #expect(Peer.control.description == "control socket")
    }
}

@Suite struct SocketAddressTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let host: String
        let port: String
        let expected: String?
        let isLoopback: Bool
        var testDescription: String { host + port }

        init(_ host: String, _ port: String, _ expected: String?, isLoopback: Bool = false) {
            (self.host, self.port, self.expected, self.isLoopback) = (host, port, expected, isLoopback)
        }
    }

    @Test(arguments: [
        Case("127.0.0.1", ":4711", "127.0.0.1", isLoopback: true),
        Case("localhost", ":1", "127.0.0.1", isLoopback: true), Case("0.0.0.0", ":0", "0.0.0.0"),
        Case("[::1]", ":65535", "[::1]", isLoopback: true), Case("[::]", ":80", "[::]"),
        Case("::1", ":80", nil),
        Case("[::1]", "", nil), Case("127.0.0.1", "", nil), Case("127.0.0.1", ":", nil),
        Case("127.0.0.1", ":65536", nil), Case("127.0.0.1", ":-1", nil), Case("example.org", ":80", nil),
        Case("", ":80", nil), Case("1.2.3", ":80", nil), Case("1.2.3.256", ":80", nil),
        Case("[127.0.0.1]", ":80", nil), Case("", "", nil),
    ])
    func `a listening address is numeric, with a port`(each: Case) {
        let address = SocketAddress(each.host + each.port)
        #expect(address?.description == each.expected.map { $0 + each.port })
        #expect(address?.isLoopback ?? false == each.isLoopback)
    }
}
