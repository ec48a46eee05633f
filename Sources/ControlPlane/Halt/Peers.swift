import Base
import SafetyLever
import Store

/// The other nodes, told directly: a halt reaches them when the database does not.
final class Peers: Sendable {
    /// Sends bytes to a node at an address and gives its answer's; throws why there was none.
    typealias Carrier =
        @Sendable (_ advertise: String, _ sealed: [UInt8], _ limit: Duration) async throws(PeerFailure) ->
        [UInt8]

    /// Why a peer was not reached, for the log.
    struct PeerFailure: Error, Sendable {
        let reason: String
    }

    /// A node that may be running, and how it stands to the halt in force.
    struct Peer: Equatable, Sendable {
        let id: String
        var advertise: String
        /// The epoch that its heartbeat says it is latched in; 0 where it says none.
        var latchedEpoch: Int64 = 0
        /// The engagements that it told this node it has on its disk.
        var confirmed: Set<String> = []
    }

    let node: String
    private let seal: PeerSeal
    private let carry: Carrier
    private let clock: Clock
    private let log: Logger
    private let known = Locked<[String: Peer]>([:])
    /// Whether it was read in this life who is running.
    private let hasRead = Locked(false)
    /// When the last node was last heard of that is gone; nil where that is long ago.
    private let lost = Locked<Instant?>(nil)

    init(node: String, seal: PeerSeal, clock: Clock, log: Logger, carry: @escaping Carrier) {
        self.node = node
        self.seal = seal
        self.clock = clock
        self.log = log
        self.carry = carry
    }

    /// Those that may be running.
    var all: [Peer] { known.withLock { $0.values.sorted { $0.id < $1.id } } }

    /// Whether there may be nodes of which nothing was ever heard.
    var areKnown: Bool { hasRead.withLock { $0 } }

    var lostAt: Instant? { lost.withLock { $0 } }

    /// The heartbeats were read: who is in none of them is gone.
    func read(_ others: [OtherNode], lostAt: Instant? = nil) {
        lost.withLock { $0 = lostAt }
        known.withLock { known in
            var fresh: [String: Peer] = [:]
            for other in others {
                var peer = known[other.id] ?? Peer(id: other.id, advertise: other.advertise)
                peer.advertise = other.advertise
                peer.latchedEpoch = other.latchedEpoch ?? 0
                fresh[other.id] = peer
            }
            known = fresh
        }
        hasRead.withLock { $0 = true }
    }

    /// Tells everybody who has not confirmed that epoch yet, all at once.
    func tell(_ latch: Latch) async {
        await withTaskGroup(of: Void.self) { group in
            for peer in all where !peer.confirmed.contains(latch.id) {
                group.addTask { await self.tell(latch, to: peer) }
            }
        }
    }

    private func tell(_ latch: Latch, to peer: Peer) async {
        guard let answer = await ask(peer, .halt(latch), within: Self.patience),
            answer["latchedEpoch"]?.whole != nil
        else { return }
        known.withLock { _ = $0[peer.id]?.confirmed.insert(latch.id) }
    }

    /// How long a peer may take to latch; telling is repeated.
    static let patience: Duration = .seconds(2)

    /// A peer's answer; nil where none came that is one.
    func ask(_ peer: Peer, _ message: PeerMessage, within limit: Duration) async -> JSON? {
        let nonce = Random.token(16)
        let content: JSON = ["from": .string(node), "to": .string(peer.id), "message": message.json]
        do throws(PeerFailure) {
            let answer = try await carry(
                peer.advertise,
                seal.seal(content, nonce: nonce, at: clock.wall()),
                limit
            )
            guard let opened = seal.open(answer, at: clock.wall()), opened.nonce == "answer to \(nonce)"
            else {
                throw PeerFailure(reason: "its answer is not under this deployment's master key")
            }
            return opened.content
        } catch {
            log.warning(
                "peer not reached",
                .field("peer.id", peer.id),
                .field("peer.address", peer.advertise),
                .field("error", error.reason)
            )
            return nil
        }
    }

    /// Opens a message that a peer sent here; nil where nobody of this deployment did, or to another node.
    func opened(_ sealed: [UInt8]) -> (nonce: String, message: PeerMessage)? {
        guard let (nonce, content) = seal.open(sealed, at: clock.wall()), content["to"]?.text == node,
            let message = content["message"].flatMap({ PeerMessage($0) })
        else { return nil }
        return (nonce, message)
    }

    func answer(_ content: JSON, to nonce: String) -> [UInt8] {
        seal.seal(content, nonce: "answer to \(nonce)", at: clock.wall())
    }
}
