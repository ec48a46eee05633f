import Base
import HTTPServer
import Store
import TestSupport
import Testing

@testable import ControlPlane

/// A node in this process with a database and a folder of its own, and all that a test needs to ask it.
final class Plane: Sendable {
    static let first = required(AccountID("000000000000"))

    let node: ControlPlane.Node
    let log: MemoryLog
    let folder: TemporaryFolder
    let secrets = Locked<[String]>([])

    /// Starts a node that listens, and does not reach for its database before `boot`.
    init(
        folder: TemporaryFolder = TemporaryFolder(),
        url: String,
        log: MemoryLog = MemoryLog(),
        clock: Base.Clock = .system,
        extraRoutes: [Route] = [],
        sources: ConditionSources? = nil,
        _ change: (inout ServeOptions) -> Void = { _ in }
    ) throws {
        var options = ServeOptions(
            listen: required(SocketAddress(host: "127.0.0.1", port: 0)),
            account: Self.first
        )
        options.databaseURL = url
        options.dataDirectory = folder.path
        options.loops = 1
        options.logSample = 1
        options.logLevel = .debug
        change(&options)
        node = try ControlPlane.Node(
            options,
            extraRoutes: extraRoutes,
            sources: sources,
            log: Logger(sink: log, minimum: .debug),
            clock: clock
        )
        self.log = log
        self.folder = folder
    }

    func boot(within patience: Duration = .seconds(30)) async throws {
        let standing = try await node.boot(patience: patience) { failure in
            Issue.record("the node gave up: \(failure)")
        }
        guard case .ready = standing else { return #expect(Bool(false), "not ready: \(standing)") }
    }

    /// The first admin, as the credentials file has it.
    var admin: Key {
        get throws {
            let file = try CredentialsFile.read(node.directory.credentials)
            return Key(id: file.keyID.description, secret: file.secret.revealed)
        }
    }

    struct Key: Sendable {
        let id: String
        let secret: String

        var bearer: Ask.Proof { .bearer("\(id).\(secret)") }
        var signature: Ask.Proof { .signature(id: id, secret: secret) }
    }

    /// Asks over the network.
    func ask(_ ask: Ask, at place: SourceLocation = #_sourceLocation) throws -> Answer {
        try exchange(RawClient(port: node.address.port, timeLimit: .seconds(30)), ask, place)
    }

    /// Asks over the control socket.
    func askControl(_ ask: Ask, at place: SourceLocation = #_sourceLocation) throws -> Answer {
        try exchange(RawClient(path: node.directory.controlSocket, timeLimit: .seconds(30)), ask, place)
    }

    private func exchange(_ client: RawClient, _ ask: Ask, _ place: SourceLocation) throws -> Answer {
        try client.send(ask.bytes(host: node.address.description))
        let raw = try #require(try client.response(toHead: ask.method == "HEAD"), sourceLocation: place)
        return Answer(raw, to: ask, at: place)
    }
}

extension Plane {
    /// Makes a key by the control socket.
    func key(
        _ role: Role,
        account: AccountID? = nil,
        targets: String? = nil,
        at place: SourceLocation = #_sourceLocation
    ) throws -> Key {
        var members: [JSON.Member] = [
            .init("role", .string(role.rawValue)), .init("name", .string("a test's \(role.rawValue)")),
        ]
        if let account { members.append(.init("account", .string(account.description))) }
        if role == .agent { members.append(.init("targetPattern", .string(targets ?? "checkout-*"))) }
        let answer = try askControl(Ask("POST", "/v1/keys", .object(members)), at: place)
        let id = try #require(answer.json?["key"]?["id"]?.text, "\(answer.text)", sourceLocation: place)
        let secret = try #require(answer.json?["secret"]?.text, sourceLocation: place)
        secrets.withLock { $0.append(secret) }
        return Key(id: id, secret: secret)
    }

    func account(_ digits: String, at place: SourceLocation = #_sourceLocation) throws -> AccountID {
        let body: JSON = ["id": .string(digits), "name": .string("team \(digits)")]
        let answer = try askControl(Ask("POST", "/v1/accounts", body), at: place)
        #expect(answer.status == 200, "\(answer.text)", sourceLocation: place)
        return try #require(AccountID(digits), sourceLocation: place)
    }
}

extension Ask {
    init(_ method: String, _ path: String, _ body: JSON) { self.init(method, path, as: .nothing, body) }
}
