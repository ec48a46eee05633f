import Base
import Glibc
import TestSupport
import Testing

/// A running `faultplane serve`.
final class Server: Sendable {
    let folder: String
    let logPath: String
    let process: ProcessHandle
    private let output: FileDescriptor
    private let said = Locked("")

    /// Starts it; `limits` are shell commands to be run before, such as `ulimit -n 256`.
    init(
        _ arguments: [String] = [],
        folder: String,
        logPath: String,
        environment: [String: String] = [:],
        limits: String = ":"
    ) async throws {
        try Program.requireBuilt()
        self.folder = folder
        self.logPath = logPath
        let pipe = try Pipe()
        let command = Program.shell(
            "\(limits); exec \"$@\" 2>>\"$LOG\"",
            ["serve", "--listen", "127.0.0.1:0", "--data-dir", folder, "--log-sample", "1"] + arguments,
            environment.merging(["LOG": logPath]) { own, _ in own },
            in: "/"
        )
        process = try command.start(output: pipe.writeEnd.raw)
        output = pipe.closeWriteEnd()
        try await Warden.shared.watch(process: process.id, folder: folder)
    }

    deinit { try? process.signal(SIGKILL) }

    /// The address in the line that says where it listens, once it is there.
    func address(within limit: Duration = .seconds(60)) throws -> String {
        let text = try line(within: limit)
        let start = "listening on http://"
        guard text.hasPrefix(start), text.hasSuffix("\n") else {
            throw Trouble("no address but \"\(text)\" and the log \(log)")
        }
        return String(text.dropFirst(start.count).dropLast())
    }

    func port(within limit: Duration = .seconds(60)) throws -> UInt16 {
        let address = try address(within: limit)
        guard let port = UInt16(address.drop { $0 != ":" }.dropFirst()) else {
            throw Trouble("no port in \(address)")
        }
        return port
    }

    /// What it has said on standard output, to the first line end or its own end.
    private func line(within limit: Duration) throws -> String {
        let deadline = Instant.now + limit
        while true {
            let text = said.withLock { $0 }
            if text.hasSuffix("\n") { return text }
            guard try Readiness.wait(for: [.readable(output.raw)], until: deadline) == [true] else {
                throw Trouble("nothing said within \(limit); its log: \(log)")
            }
            let bytes = try output.read(upTo: 4_096)
            if bytes.isEmpty { return text }
            said.withLock { $0 += String(decoding: bytes, as: UTF8.self) }
        }
    }

    var log: String {
        let bytes = (try? Files.read(logPath, limit: 64 << 20)) ?? []
        return String(decoding: bytes, as: UTF8.self)
    }

    /// True once its log has this text.
    func logs(_ text: String) async -> Bool { await holds(within: .seconds(20)) { log.contains(text) } }

    /// Waits for its end.
    func ended(within limit: Duration = .seconds(30)) throws -> Base.ExitStatus {
        guard try process.wait(until: .now + limit) else { throw Trouble("still running; its log: \(log)") }
        return process.reap() ?? .exited(-1)
    }

    /// Ends it as an operator does.
    func stop(within limit: Duration = .seconds(30)) throws -> Base.ExitStatus {
        try process.signal(SIGTERM)
        return try ended(within: limit)
    }
}

extension Server {
    /// Asks without a body; the first line and headers are what the text says.
    func get(_ path: String, as token: String? = nil) throws -> RawResponse {
        let client = try RawClient(port: port(), timeLimit: .seconds(30))
        let proof = token.map { "Authorization: Bearer \($0)\r\n" } ?? ""
        try client.send("GET \(path) HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\(proof)\r\n")
        guard let answer = try client.response() else { throw Trouble("no answer to GET \(path): \(log)") }
        return answer
    }

    /// Asks as the machine's operator, who may ask as often as it takes.
    func askControl(_ path: String) throws -> RawResponse { try control("GET", path, nil) }

    /// The same with a method and a body.
    func control(_ method: String, _ path: String, _ body: JSON?) throws -> RawResponse {
        let client = try RawClient(path: folder + "/control.sock", timeLimit: .seconds(30))
        let bytes = body?.encoded ?? []
        let length = body == nil ? "" : "Content-Length: \(bytes.count)\r\n"
        let head = "\(method) \(path) HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\(length)\r\n"
        try client.send(Array(head.utf8) + bytes)
        guard let answer = try client.response() else {
            throw Trouble("no answer to \(method) \(path): \(log)")
        }
        return answer
    }

    /// Asks with a JSON body.
    func post(_ path: String, _ body: String, as token: String) throws -> RawResponse {
        let client = try RawClient(port: port(), timeLimit: .seconds(30))
        try client.send(
            "POST \(path) HTTP/1.1\r\nHost: test\r\nConnection: close\r\nAuthorization: Bearer \(token)\r\n"
                + "Content-Length: \(body.utf8.count)\r\n\r\n\(body)"
        )
        guard let answer = try client.response() else { throw Trouble("no answer to POST \(path): \(log)") }
        return answer
    }

    /// The first admin's token, from the credentials file.
    var adminToken: String { get throws { try Self.token(in: folder) } }

    static func token(in folder: String) throws -> String {
        let text = String(decoding: try Files.read(folder + "/credentials") ?? [], as: UTF8.self)
        func value(_ name: String) -> Substring {
            text.split(separator: "\n").first { $0.hasPrefix(name) }?.drop { $0 != "=" }.dropFirst(2) ?? ""
        }
        return "\(value("aws_access_key_id")).\(value("aws_secret_access_key"))"
    }
}
