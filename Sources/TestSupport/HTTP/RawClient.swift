import Base
import CLinux
import Glibc

/// A connection that sends exactly the bytes it is told, for tests of what no well-behaved client would send.
///
/// It blocks, with a limit on every read, so a server that never answers is a failure and not a hang.
package final class RawClient: @unchecked Sendable {
    private let socket: FileDescriptor
    private var unread: [UInt8] = []

    package init(port: UInt16, timeLimit: Duration = .seconds(10)) throws(SystemError) {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        socket = try Self.connected(AF_INET, &address, timeLimit)
    }

    package init(path: String, timeLimit: Duration = .seconds(10)) throws(SystemError) {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let way = try SocketPath(path)
        let name = way.text
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: name.utf8.prefix($0.count - 1)) }
        socket = try Self.connected(AF_UNIX, &address, timeLimit)
        _ = consume way
    }

    package func send(_ text: String) throws(SystemError) { try send(Array(text.utf8)) }

    /// Sends all of it; EPIPE or ECONNRESET where the server has closed.
    package func send(_ bytes: [UInt8]) throws(SystemError) {
        let raw = socket.raw
        var sent = 0
        while sent < bytes.count {
            sent += try retrying("send") {
                bytes.withUnsafeBytes {
                    Glibc.send(raw, $0.baseAddress.map { $0 + sent }, $0.count - sent, CInt(MSG_NOSIGNAL))
                }
            }
        }
    }

    /// Says that nothing more will be sent.
    package func finishSending() { _ = shutdown(socket.raw, CInt(SHUT_WR)) }

    /// Sends as much as the kernel takes now; 0 where it takes nothing.
    package func sendSome(_ bytes: [UInt8]) throws(SystemError) -> Int {
        let raw = socket.raw
        return try unblocking("send") {
            bytes.withUnsafeBytes {
                Glibc.send(raw, $0.baseAddress, $0.count, CInt(Int(MSG_NOSIGNAL) | Int(MSG_DONTWAIT)))
            }
        } ?? 0
    }

    /// Breaks the connection off, so that the server sees a reset instead of an end.
    package func reset() {
        var linger = linger(l_onoff: 1, l_linger: 0)
        setsockopt(socket.raw, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout<Glibc.linger>.size))
        var nowhere = sockaddr()
        nowhere.sa_family = sa_family_t(AF_UNSPEC)
        _ = connect(socket.raw, &nowhere, socklen_t(MemoryLayout<sockaddr>.size))
    }

    /// How many of the bytes sent the server's kernel has not acknowledged yet.
    package var unacknowledged: Int {
        var count: CInt = 0
        _ = ioctl(socket.raw, UInt(TIOCOUTQ), &count)
        return Int(count)
    }

    /// Makes the next read wait for as long as it takes, at most `limit`.
    package func setTimeLimit(_ limit: Duration) throws(SystemError) { try Self.limit(socket.raw, limit) }

    /// Keeps the kernel from buffering much, so that a peer that does not read is noticed soon.
    package func shrinkReceiveBuffer() throws(SystemError) {
        var size: CInt = 4_096
        _ = try retrying("setsockopt") {
            setsockopt(socket.raw, SOL_SOCKET, SO_RCVBUF, &size, socklen_t(MemoryLayout<CInt>.size))
        }
    }

    /// The next answer; nil where the server closed the connection instead.
    package func response(toHead: Bool = false) throws -> RawResponse? {
        guard let head = try readHead() else { return nil }
        var response = try RawResponse(head: head)
        if toHead || !response.hasBody { return response }
        if response.headers["transfer-encoding"] == "chunked" {
            while let chunk = try readChunk() { response.body += chunk }
        } else if let length = response.headers["content-length"].flatMap({ Int($0) }) {
            response.body = try read(exactly: length)
        } else {
            while try fill() {}
            response.body = unread
            unread = []
        }
        return response
    }

    /// One piece of a chunked answer; nil after the last.
    package func readChunk() throws -> [UInt8]? {
        let line = try readLine()
        guard let size = Int(line, radix: 16) else { throw RawClientError.malformed("chunk size \(line)") }
        let chunk = try read(exactly: size)
        guard try readLine().isEmpty else { throw RawClientError.malformed("chunk end") }
        return size == 0 ? nil : chunk
    }

    /// An answer's head alone, before a streamed body.
    package func responseHead() throws -> RawResponse? { try readHead().map { try RawResponse(head: $0) } }

    /// True once the server has closed, with nothing left to read.
    package func isClosedByPeer() throws -> Bool { try unread.isEmpty && !fill() }

    /// The bytes that are there now or come within the time limit; empty when the server has closed.
    package func readSome() throws -> [UInt8] {
        if unread.isEmpty { _ = try fill() }
        defer { unread = [] }
        return unread
    }

    private func readHead() throws -> String? {
        while true {
            if let end = unread.firstRange(of: [13, 10, 13, 10]) {
                let head = String(decoding: unread[..<end.lowerBound], as: UTF8.self)
                unread.removeSubrange(..<end.upperBound)
                return head
            }
            if try !fill() {
                if unread.isEmpty { return nil }
                throw RawClientError.malformed(
                    "closed inside a head: \(String(decoding: unread, as: UTF8.self))"
                )
            }
        }
    }

    private func readLine() throws -> String {
        while true {
            if let end = unread.firstRange(of: [13, 10]) {
                let line = String(decoding: unread[..<end.lowerBound], as: UTF8.self)
                unread.removeSubrange(..<end.upperBound)
                return line
            }
            if try !fill() { throw RawClientError.malformed("closed inside a line") }
        }
    }

    private func read(exactly count: Int) throws -> [UInt8] {
        while unread.count < count {
            if try !fill() { throw RawClientError.malformed("closed inside a body") }
        }
        defer { unread.removeSubrange(..<count) }
        return Array(unread[..<count])
    }

    private func fill() throws -> Bool {
        let bytes: [UInt8]
        do throws(SystemError) {
            bytes = try socket.read(upTo: 65_536)
        } catch  where error.code == ECONNRESET {
            return false
        } catch  where error.code == EAGAIN {
            throw RawClientError.timeUp
        }
        unread += bytes
        return !bytes.isEmpty
    }

    private static func connected<Address>(
        _ family: CInt,
        _ address: inout Address,
        _ timeLimit: Duration
    ) throws(SystemError) -> FileDescriptor {
        let raw = try retrying("socket") {
            Glibc.socket(family, CInt(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        }
        let socket = FileDescriptor(adopting: raw)
        try limit(raw, timeLimit)
        _ = try retrying("connect") {
            withUnsafePointer(to: &address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    connect(raw, $0, socklen_t(MemoryLayout<Address>.size))
                }
            }
        }
        return socket
    }

    private static func limit(_ raw: CInt, _ limit: Duration) throws(SystemError) {
        let nanoseconds = limit.nanoseconds
        var time = timeval(
            tv_sec: Int(nanoseconds / 1_000_000_000),
            tv_usec: Int(nanoseconds % 1_000_000_000 / 1_000)
        )
        _ = try retrying("setsockopt") {
            setsockopt(raw, SOL_SOCKET, SO_RCVTIMEO, &time, socklen_t(MemoryLayout<timeval>.size))
        }
    }
}

/// What a raw client could not make sense of.
package enum RawClientError: Error {
    case malformed(String)
    case timeUp
}
