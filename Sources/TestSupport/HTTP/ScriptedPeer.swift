import Base
import CLinux
import Glibc

/// A peer on loopback that says exactly what a test tells it to, and remembers what it was asked.
package final class ScriptedPeer: Sendable {
    /// One request as it came.
    package struct Asked: Equatable, Sendable {
        /// Which connection it came by, counted from 1.
        package let connection: Int
        package let line: String
        package let headers: [String]
        package let body: String

        /// The port that the peer was asked at, as its `Host` says.
        package var port: String { header("Host")?.split(separator: ":").last.map(String.init) ?? "" }

        package func header(_ name: String) -> String? {
            headers.first { $0.lowercased().hasPrefix(name.lowercased() + ": ") }
                .map { String($0.dropFirst(name.count + 2)) }
        }
    }

    package enum Reply: Sendable {
        /// These bytes, and the connection stays.
        case answer(String)
        /// These bytes, and the connection ends.
        case last(String)
        /// Pieces, each once its turn has come.
        case pieces([String], turn: @Sendable (Int) -> Void)
        /// No answer, and no end either.
        case silence
    }

    /// All that its threads wait for; each closes its own, under the lock, so that no number means another's by then.
    private let sockets = Locked<Set<CInt>>([])
    private let said = Locked<[Asked]>([])
    package let port: UInt16

    /// Listens on a port of the kernel's choice, or at a path.
    package init(at path: String? = nil, _ reply: @escaping @Sendable (Asked) -> Reply) throws {
        let raw: CInt
        if let path {
            (raw, port) = (try Listening.socket(at: path).release(), 0)
        } else {
            (raw, port) = try Listening.socket()
        }
        let (sockets, said) = (sockets, said)
        sockets.withLock { _ = $0.insert(raw) }
        try Thread.start(name: "peer") {
            var count = 0
            while case let connection = accept(raw, nil, nil), connection >= 0 {
                count += 1
                sockets.withLock { _ = $0.insert(connection) }
                let talk = Conversation(connection, number: count, said, reply)
                try? Thread.start(name: "peer-talk") {
                    talk.run()
                    Self.close(connection, sockets)
                }
            }
            Self.close(raw, sockets)
        }
    }

    private static func close(_ socket: CInt, _ sockets: Locked<Set<CInt>>) {
        sockets.withLock {
            _ = $0.remove(socket)
            _ = Glibc.close(socket)
        }
        sockets.announce()
    }

    /// What it was asked so far.
    package var asked: [Asked] { said.withLock { $0 } }

    /// Waits until what it was asked is as a test wants it; false where that takes too long.
    package func waitUntil(_ isReady: @Sendable ([Asked]) -> Bool) async throws -> Bool {
        try await onThread { said.wait(atMost: .seconds(20)) { isReady($0) } }
    }

    /// Waits until nobody is connected any more.
    package func waitUntilAlone() async throws -> Bool {
        try await onThread { sockets.wait(atMost: .seconds(20)) { $0.count <= 1 } }
    }

    package var url: String { "http://127.0.0.1:\(port)" }

    /// Ends its threads with it.
    deinit {
        sockets.withLock {
            for socket in $0 { _ = shutdown(socket, CInt(SHUT_RDWR)) }
        }
    }
}

/// One connection to the peer, on a thread of its own.
private struct Conversation: Sendable {
    private let socket: CInt
    private let number: Int
    private let said: Locked<[ScriptedPeer.Asked]>
    private let reply: @Sendable (ScriptedPeer.Asked) -> ScriptedPeer.Reply

    init(
        _ socket: CInt,
        number: Int,
        _ said: Locked<[ScriptedPeer.Asked]>,
        _ reply: @escaping @Sendable (ScriptedPeer.Asked) -> ScriptedPeer.Reply
    ) {
        self.socket = socket
        self.number = number
        self.said = said
        self.reply = reply
    }

    func run() {
        var unread: [UInt8] = []
        while let asked = next(&unread) {
            said.withLock { $0.append(asked) }
            said.announce()
            switch reply(asked) {
            case .answer(let text): send(text)
            case .last(let text):
                send(text)
                _ = shutdown(socket, CInt(SHUT_RDWR))
                return
            case .pieces(let pieces, let turn):
                for (index, piece) in pieces.enumerated() {
                    turn(index)
                    send(piece)
                }
            case .silence: break
            }
        }
    }

    private func next(_ unread: inout [UInt8]) -> ScriptedPeer.Asked? {
        while true {
            if let end = unread.firstRange(of: [13, 10, 13, 10]) {
                let lines = String(decoding: unread[..<end.lowerBound], as: UTF8.self)
                    .split(separator: "\r\n").map(String.init)
                let length =
                    lines.first { $0.lowercased().hasPrefix("content-length: ") }
                    .flatMap { Int($0.dropFirst(16)) } ?? 0
                if unread.count - end.upperBound >= length {
                    let body = unread[end.upperBound..<end.upperBound + length]
                    defer { unread.removeFirst(end.upperBound + length) }
                    return ScriptedPeer.Asked(
                        connection: number,
                        line: lines.first ?? "",
                        headers: Array(lines.dropFirst()),
                        body: String(decoding: body, as: UTF8.self)
                    )
                }
            }
            var chunk = [UInt8](repeating: 0, count: 65_536)
            let count = recv(socket, &chunk, chunk.count, 0)
            guard count > 0 else { return nil }
            unread += chunk.prefix(count)
        }
    }

    private func send(_ text: String) {
        let bytes = Array(text.utf8)
        var sent = 0
        while sent < bytes.count {
            let count = bytes.withUnsafeBytes {
                Glibc.send(socket, $0.baseAddress.map { $0 + sent }, $0.count - sent, CInt(MSG_NOSIGNAL))
            }
            guard count > 0 else { return }
            sent += count
        }
    }
}
