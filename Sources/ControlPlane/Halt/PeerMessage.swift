import Base
import SafetyLever

/// What one node tells or asks another, under the deployment's master key.
///
/// A peer can engage and never disengage: a message that somebody kept and sends again stops faults at worst.
enum PeerMessage: Equatable {
    /// This engagement stands; confirm it when you serve nothing and have it on your disk.
    case halt(Latch)
    /// How do your instances stand to this epoch, and which of these have confirmed it to you?
    case instances(epoch: Int64, silent: [InstanceName])

    /// How old a message may be, by clocks that need not agree.
    static let age: Duration = .seconds(300)

    var json: JSON {
        switch self {
        case .halt(let latch): ["halt": latch.json()]
        case .instances(let epoch, let silent):
            ["epoch": .integer(epoch), "silent": .array(silent.map(\.json))]
        }
    }

    init?(_ json: JSON) {
        if let halt = json["halt"] {
            guard let latch = Latch(halt) else { return nil }
            self = .halt(latch)
        } else {
            guard let epoch = json["epoch"]?.whole, let silent = json["silent"]?.elements else { return nil }
            self = .instances(epoch: epoch, silent: silent.compactMap { InstanceName($0) })
        }
    }
}

/// An instance of one target, as nodes speak of it.
struct InstanceName: Hashable, Sendable {
    let account: AccountID
    let target: String
    let instance: String

    init(account: AccountID, target: String, instance: String) {
        self.account = account
        self.target = target
        self.instance = instance
    }

    var json: JSON { [.string(account.description), .string(target), .string(instance)] }

    init?(_ json: JSON) {
        guard let account = json[0]?.text.flatMap({ AccountID($0) }), let target = json[1]?.text,
            let instance = json[2]?.text
        else { return nil }
        self.init(account: account, target: target, instance: instance)
    }
}

/// Seals what goes between nodes, and opens what came.
struct PeerSeal: Sendable {
    private let key: Secret

    init(_ masterKey: MasterKey) { key = masterKey.peerKey }

    /// The body with its seal before it, on a line of its own.
    ///
    /// `nonce` ties an answer to its question.
    func seal(_ content: JSON, nonce: String, at now: Timestamp) -> [UInt8] {
        let body = JSON.object([
            .init("nonce", .string(nonce)), .init("at", .integer(now.nanoseconds)), .init("content", content),
        ]).encoded
        return Array((Hex.encode(Hash.hmac(key: key.bytes, body)) + "\n").utf8) + body
    }

    /// Nil where somebody else sealed it, or too long ago.
    func open(_ sealed: [UInt8], at now: Timestamp) -> (nonce: String, content: JSON)? {
        guard let end = sealed.firstIndex(of: UInt8(ascii: "\n")) else { return nil }
        let body = Array(sealed[(end + 1)...])
        let expected = Array(Hex.encode(Hash.hmac(key: key.bytes, body)).utf8)
        guard Hash.constantTimeEqual(Array(sealed[..<end]), expected), let json = try? JSON(parsing: body),
            let nonce = json["nonce"]?.text, let at = json["at"]?.whole, let content = json["content"]
        else { return nil }
        let age = now - Timestamp(nanoseconds: at)
        return age <= PeerMessage.age && .zero - age <= PeerMessage.age ? (nonce, content) : nil
    }
}
