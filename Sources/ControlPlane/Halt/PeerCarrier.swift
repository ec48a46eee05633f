import Base

/// Carries sealed messages between nodes, over HTTP.
struct PeerCarrier: Sendable {
    func carry(_ advertise: String, _ sealed: [UInt8]) async throws(Peers.PeerFailure) -> [UInt8] {
        throw Peers.PeerFailure(reason: "no way to peers yet")
    }
}
