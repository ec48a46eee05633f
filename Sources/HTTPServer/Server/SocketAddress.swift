import CLinux
import Glibc

/// Where to listen: a numeric address and a port.
package struct SocketAddress: Equatable, Sendable, CustomStringConvertible {
    package let host: String
    package let port: UInt16
    private let isVersion6: Bool

    /// Reads `127.0.0.1:8080` or `[::1]:8080`; nil where it is neither.
    package init?(_ text: String) {
        guard let colon = text.lastIndex(of: ":"), let port = UInt16(text[text.index(after: colon)...]) else {
            return nil
        }
        var host = text[..<colon]
        isVersion6 = host.hasPrefix("[") && host.hasSuffix("]")
        if isVersion6 { host = host.dropFirst().dropLast() }
        self.host = host == "localhost" ? "127.0.0.1" : String(host)
        self.port = port
        if unsafe withSocketAddress({ _, _ in 0 }) == nil { return nil }
    }

    package init?(host: String, port: UInt16) {
        self.init(host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)")
    }

    package var description: String { isVersion6 ? "[\(host)]:\(port)" : "\(host):\(port)" }

    /// True where only this machine can connect.
    package var isLoopback: Bool { isVersion6 ? host == "::1" : host.hasPrefix("127.") }

    func with(port: UInt16) -> SocketAddress? { SocketAddress(host: host, port: port) }

    /// Calls a socket function with this address; nil where the host is no numeric address.
    func withSocketAddress(_ body: (UnsafePointer<sockaddr>, socklen_t) -> CInt) -> CInt? {
        if isVersion6 {
            var address = sockaddr_in6()
            address.sin6_family = sa_family_t(AF_INET6)
            address.sin6_port = port.bigEndian
            guard unsafe inet_pton(AF_INET6, host, &address.sin6_addr) == 1 else { return nil }
            return unsafe Self.rebound(&address, body)
        }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        guard unsafe inet_pton(AF_INET, host, &address.sin_addr) == 1 else { return nil }
        return unsafe Self.rebound(&address, body)
    }

    var family: CInt { isVersion6 ? AF_INET6 : AF_INET }

    private static func rebound<Address>(
        _ address: inout Address,
        _ body: (UnsafePointer<sockaddr>, socklen_t) -> CInt
    ) -> CInt {
        unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe body($0, socklen_t(MemoryLayout<Address>.size))
            }
        }
    }
}
