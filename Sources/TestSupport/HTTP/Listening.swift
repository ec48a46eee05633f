import Base
import CLinux
import Glibc

/// Sockets that listen.
package enum Listening {
    /// On loopback, with the port that the kernel chose; the caller closes it.
    package static func socket() throws -> (CInt, UInt16) {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let listener = try listening(AF_INET, &address)
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let raw = listener.raw
        _ = try retrying("getsockname") {
            withUnsafeMutablePointer(to: &address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(raw, $0, &size) }
            }
        }
        return (listener.release(), UInt16(bigEndian: address.sin_port))
    }

    package static func close(_ socket: CInt) { _ = Glibc.close(socket) }

    package static func socket(at path: String) throws -> FileDescriptor {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let way = try SocketPath(path)
        let name = way.text
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: name.utf8.prefix($0.count - 1)) }
        let listener = try listening(AF_UNIX, &address)
        _ = consume way
        return listener
    }

    private static func listening<Address>(_ family: CInt, _ address: inout Address) throws -> FileDescriptor
    {
        let raw = try retrying("socket") {
            Glibc.socket(family, CInt(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        }
        let listener = FileDescriptor(adopting: raw)
        _ = try retrying("bind") {
            withUnsafePointer(to: &address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    bind(raw, $0, socklen_t(MemoryLayout<Address>.size))
                }
            }
        }
        _ = try retrying("listen") { listen(raw, 16) }
        return listener
    }
}
