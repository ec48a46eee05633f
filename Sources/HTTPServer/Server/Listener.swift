import Base
import CLinux
import Glibc

/// A socket that new connections arrive at.
final class Listener {
    private enum Kind { case network, control }

    let raw: CInt
    private let kind: Kind
    private var descriptor: FileDescriptor?

    private init(_ descriptor: consuming FileDescriptor, kind: Kind) {
        raw = descriptor.raw
        self.descriptor = consume descriptor
        self.kind = kind
    }

    func close() { descriptor = nil }

    /// A connection that has arrived.
    struct Arrival: ~Copyable {
        let descriptor: FileDescriptor
        let peer: Peer
    }

    /// The next connection that is ready; nil where there is none.
    func accept() throws(SystemError) -> Arrival? {
        var storage = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        let accepted = try unblocking("accept4") {
            unsafe withUnsafeMutablePointer(to: &storage) { pointer in
                unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    unsafe Int(
                        accept4(raw, $0, &length, CInt(SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue))
                    )
                }
            }
        }
        guard let accepted else { return nil }
        let connection = FileDescriptor(adopting: CInt(truncatingIfNeeded: accepted))
        if kind == .control { return Arrival(descriptor: connection, peer: .control) }
        try? Sockets.set(connection.raw, CInt(IPPROTO_TCP), TCP_NODELAY, 1)
        return Arrival(descriptor: connection, peer: .network(InlineAddress(storage)))
    }
}

extension Listener {
    /// Listens on a network address.
    ///
    /// Several listeners may share it, and the kernel spreads the connections.
    static func network(_ address: SocketAddress) throws(SystemError) -> Listener {
        let socket = try Sockets.bound(to: address, shared: true)
        _ = try retrying("listen") { Glibc.listen(socket.raw, 4_096) }
        return Listener(socket, kind: .network)
    }

    /// Listens on a path that only this user may reach.
    static func control(path: String) throws(SystemError) -> Listener {
        let socket = try Sockets.bound(toControlPath: path)
        _ = try retrying("listen") { Glibc.listen(socket.raw, 128) }
        return Listener(socket, kind: .control)
    }
}
