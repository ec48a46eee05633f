import Base
import SafetyLever
import Store

/// The other nodes, told directly: a halt reaches them when the database does not.
final class Peers: Sendable {
    /// Sends bytes to a node at an address and gives its answer's; throws why there was none.
    typealias Carrier =
        @Sendable (_ advertise: String, _ sealed: [UInt8]) async throws(PeerFailure) -> [UInt8]

    /// Why a peer was not reached, for the log.
    struct PeerFailure: Error, Sendable {
        let reason: String
    }

    /// A node that may be running, and how it stands to the halt in force.
    struct Peer: Equatable, Sendable {
        let id: String
        var advertise: String
        /// The epoch that it said it is latched in, by a message or with its heartbeat; 0 if it never did.
        var latchedEpoch: Int64 = 0
    }

    let node: String
    private let seal: PeerSeal
    private let carry: Carrier
    private let clock: Clock
    private let log: Logger
    private let known = Locked<[String: Peer]>([:])

    init(node: String, seal: PeerSeal, clock: Clock, log: Logger, carry: @escaping Carrier) {
        self.node = node
        self.seal = seal
        self.clock = clock
        self.log = log
        self.carry = carry
    }

    /// Those that may be running.
    var all: [Peer] { known.withLock { $0.values.sorted { $0.id < $1.id } } }

    /// The heartbeats were read: who is in none of them is gone, unless it has spoken up itself since.
    func read(_ others: [OtherNode]) {
        known.withLock { known in
            var fresh: [String: Peer] = [:]
            for other in others {
                var peer = known[other.id] ?? Peer(id: other.id, advertise: other.advertise)
                peer.advertise = other.advertise
                peer.latchedEpoch = max(peer.latchedEpoch, other.latchedEpoch ?? 0)
                fresh[other.id] = peer
            }
            known = fresh
        }
    }

    /// Tells everybody who has not confirmed that epoch yet, all at once.
    func tell(_ latch: Latch) async {
        await withTaskGroup(of: Void.self) { group in
            for peer in all where peer.latchedEpoch < latch.epoch {
                group.addTask { await self.tell(latch, to: peer) }
            }
        }
    }

    private func tell(_ latch: Latch, to peer: Peer) async {
        guard let answer = await ask(peer, .halt(latch)), let epoch = answer["latchedEpoch"]?.whole else {
            return
        }
        known.withLock { known in
            let before = known[peer.id]?.latchedEpoch ?? 0
            known[peer.id]?.latchedEpoch = max(before, epoch)
        }
    }

    /// A peer's answer; nil where none came that is one.
    func ask(_ peer: Peer, _ message: PeerMessage) async -> JSON? {
        let nonce = Random.token(16)
        let content: JSON = ["from": .string(node), "to": .string(peer.id), "message": message.json]
        do throws(PeerFailure) {
            let answer = try await carry(peer.advertise, seal.seal(content, nonce: nonce, at: clock.wall()))
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
