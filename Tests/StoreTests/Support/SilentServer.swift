import Base
import CLinux
import Glibc

/// Accepts connections, by the kernel's backlog, and never says a word.
struct SilentServer: ~Copyable {
    private let socket: FileDescriptor
    let port: UInt16

    init() throws {
        let socket = FileDescriptor(
            adopting: try retrying("socket") { Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0) }
        )
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let descriptor = socket.raw
        try withUnsafeMutablePointer(to: &address) { pointer in
            try pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                _ = try retrying("bind") { bind(descriptor, address, length) }
                _ = try retrying("listen") { listen(descriptor, 8) }
                _ = try retrying("getsockname") { getsockname(descriptor, address, &length) }
            }
        }
        self.socket = socket
        port = UInt16(bigEndian: address.sin_port)
    }
}
