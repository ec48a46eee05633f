import Base
import Testing

@testable import ControlPlane

/// For how long a node's answers may be trusted.
@Suite struct NodeTrustTests {
    private static let start = Instant(nanoseconds: 1_000_000_000_000)

    private func standing(beat: Double?, read: Double?, at now: Double) -> NodeTrust.Standing {
        func moment(_ seconds: Double) -> Instant { Self.start + .seconds(seconds) }
        return NodeTrust(lease: .seconds(15), beatAt: beat.map(moment), readAt: read.map(moment))
            .standing(at: moment(now))
    }

    @Test func `a lease is counted from the older of the two`() {
        #expect(standing(beat: 0, read: 0, at: 0) == .sure(for: .seconds(15)))
        #expect(standing(beat: 3, read: 1, at: 4) == .sure(for: .seconds(12)))
        #expect(standing(beat: 1, read: 3, at: 4) == .sure(for: .seconds(12)))
        #expect(
            standing(beat: 5, read: 5, at: 4) == .sure(for: .seconds(15)),
            "a clock read a little earlier"
        )
    }

    @Test func `under a third of it none is handed out`() {
        #expect(standing(beat: 0, read: 9, at: 10) == .sure(for: .seconds(5)))
        #expect(standing(beat: 0, read: 9, at: 10.001) == .unsure("no heartbeat for 10 s"))
        #expect(standing(beat: 9, read: 0, at: 75) == .unsure("no reading of the documents for 75 s"))
    }

    @Test func `a node that has not begun is not sure`() {
        #expect(standing(beat: nil, read: 0, at: 0) == .unsure("no heartbeat of this node is recorded yet"))
        #expect(standing(beat: 0, read: nil, at: 0) == .unsure("this node has not read the documents yet"))
    }
}
