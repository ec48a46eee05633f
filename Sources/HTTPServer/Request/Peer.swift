import CLinux
import Glibc

/// Who is on the other end of a connection.
package enum Peer: Equatable, Sendable, CustomStringConvertible {
    /// Somebody over the network; bytes of the address in network order.
    case network(InlineAddress)
    /// The operator of this machine, over the control socket.
    case control

    package var description: String {
        switch self {
        case .network(let address): address.description
        case .control: "control socket"
        }
    }
}

/// An IP address and port without any allocation.
package struct InlineAddress: Equatable, Sendable, CustomStringConvertible {
    var high: UInt64 = 0
    var low: UInt64 = 0
    package var port: UInt16 = 0
    var isVersion6 = false

    /// Takes the address out of what the kernel filled in.
    init(_ storage: sockaddr_storage) {
        var storage = storage
        switch CInt(storage.ss_family) {
        case AF_INET:
            let address = unsafe withUnsafeBytes(of: &storage) {
                unsafe $0.loadUnaligned(as: sockaddr_in.self)
            }
            low = UInt64(UInt32(bigEndian: address.sin_addr.s_addr))
            port = UInt16(bigEndian: address.sin_port)
        case AF_INET6:
            let address = unsafe withUnsafeBytes(of: &storage) {
                unsafe $0.loadUnaligned(as: sockaddr_in6.self)
            }
            let halves = unsafe withUnsafeBytes(of: address.sin6_addr) { bytes in
                unsafe (
                    bytes.loadUnaligned(fromByteOffset: 0, as: UInt64.self),
                    bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self)
                )
            }
            high = UInt64(bigEndian: halves.0)
            low = UInt64(bigEndian: halves.1)
            port = UInt16(bigEndian: address.sin6_port)
            isVersion6 = true
        default: break
        }
    }

    package var description: String {
        if !isVersion6 {
            return "\(low >> 24 & 255).\(low >> 16 & 255).\(low >> 8 & 255).\(low & 255):\(port)"
        }
        let groups = [high, low].flatMap { half in [48, 32, 16, 0].map { half >> UInt64($0) & 0xFFFF } }
        return "[\(groups.map { String($0, radix: 16) }.joined(separator: ":"))]:\(port)"
    }

    package var isLoopback: Bool {
        isVersion6 ? high == 0 && (low == 1 || low >> 24 == 0xFFFF7F) : low >> 24 & 255 == 127
    }
}
