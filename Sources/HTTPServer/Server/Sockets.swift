import Base
import CLinux
import Glibc

/// Making and asking sockets.
enum Sockets {
    static func set(_ raw: CInt, _ level: CInt, _ option: CInt, _ value: CInt) throws(SystemError) {
        var value = value
        _ = try retrying("setsockopt") {
            unsafe setsockopt(raw, level, option, &value, socklen_t(MemoryLayout<CInt>.size))
        }
    }

    /// A socket bound to `address`, not yet listening.
    static func bound(to address: SocketAddress, shared: Bool) throws(SystemError) -> FileDescriptor {
        let socket = try make(address.family)
        try set(socket.raw, SOL_SOCKET, SO_REUSEADDR, 1)
        if shared { try set(socket.raw, SOL_SOCKET, SO_REUSEPORT, 1) }
        let raw = socket.raw
        _ = try retrying("bind") { unsafe address.withSocketAddress { unsafe Glibc.bind(raw, $0, $1) } ?? -1 }
        return socket
    }

    /// Refuses an address where somebody else listens.
    ///
    /// Sharing an address lets two servers split the connections without either
    /// noticing, so before sharing it with ourselves we try it alone.
    static func requireFree(_ address: SocketAddress) throws(SystemError) {
        if address.port == 0 { return }
        let socket = try bound(to: address, shared: false)
        _ = try retrying("listen") { Glibc.listen(socket.raw, 1) }
    }

    /// The port the kernel chose.
    static func port(of raw: CInt) throws(SystemError) -> UInt16 {
        var storage = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        _ = try retrying("getsockname") {
            unsafe withUnsafeMutablePointer(to: &storage) { pointer in
                unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    unsafe getsockname(raw, $0, &length)
                }
            }
        }
        return InlineAddress(storage).port
    }

    /// A socket at a path, for this user alone.
    ///
    /// What a dead server left there is taken away; a living one's is not.
    static func bound(toControlPath path: String) throws(SystemError) -> FileDescriptor {
        let way = try SocketPath(path)
        let name = way.text
        try removeStaleSocket(name)
        let fresh = try make(AF_UNIX)
        let number = fresh.raw
        // On Linux a socket file gets the mode its socket has, so nobody sees it open to others even for a moment.
        _ = try retrying("fchmod") { fchmod(number, 0o600) }
        _ = try retrying("bind") {
            unsafe withControlAddress(name) { unsafe Glibc.bind(number, $0, $1) } ?? -1
        }
        _ = consume way
        return fresh
    }

    private static func removeStaleSocket(_ path: String) throws(SystemError) {
        let probe = try make(AF_UNIX)
        let raw = probe.raw
        guard let answer = unsafe withControlAddress(path, { unsafe connect(raw, $0, $1) }) else {
            throw SystemError(call: "bind", code: ENAMETOOLONG)
        }
        // One whose queue is full is alive too, and what is no socket was not left by a server.
        let reason = answer == 0 ? 0 : errno
        if reason == ENOENT { return }
        guard reason == ECONNREFUSED, isSocket(path) else {
            throw SystemError(call: "bind", code: EADDRINUSE)
        }
        _ = try retrying("unlink") { unsafe unlink(path) }
    }

    private static func isSocket(_ path: String) -> Bool {
        var status = stat()
        return unsafe lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFSOCK
    }

    private static func make(_ family: CInt) throws(SystemError) -> FileDescriptor {
        let kind = CInt(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
        return FileDescriptor(adopting: try retrying("socket") { socket(family, kind, 0) })
    }

    private static func withControlAddress(
        _ path: String,
        _ body: (UnsafePointer<sockaddr>, socklen_t) -> CInt
    ) -> CInt? {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let bytes = Array(path.utf8)
        let fits = unsafe withUnsafeMutableBytes(of: &address.sun_path) { room in
            if bytes.count >= room.count { return false }
            unsafe room.copyBytes(from: bytes)
            return true
        }
        guard fits else { return nil }
        return unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe body($0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
    }
}
