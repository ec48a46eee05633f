import Base
import Store
import TestSupport
import Testing

@testable import ControlPlane

/// Faults of one target, followed from their publication to their last holder.
@Suite struct FaultTrackTests {
    private static let now = Instant(nanoseconds: 1_000_000_000_000)
    private static let time = DeploymentTime(clock: .system)

    private static func entry(_ change: Int64, faults: Int) -> TargetRoom.Entry {
        let pairs: [JSON] = (0..<faults).map { number in
            [.null, ["id": .string("EXP\(number)/Delay"), "experimentId": .string("EXP\(number)")]]
        }
        return TargetRoom.Entry(change: change, epoch: 1, faults: pairs)
    }

    private static func counted(_ room: TargetRoom) -> TargetRoom.Counted {
        room.counted(at: now, epoch: 1, time)
    }

    @Test func `of more faults than can be followed nobody says that none was held, until they end`() {
        let room = TargetRoom(TargetKey(account: required(AccountID("000000000000")), target: "t"))
        room.withState { state in
            state.entry = Self.entry(1, faults: 70)
            state.follow(state.entry)
        }
        let during = Self.counted(room)
        #expect(during.rows.count == 70 && during.over.isEmpty)
        #expect(
            during.rows.map(\.untracked) == Array(repeating: 0, count: 64) + Array(repeating: 1, count: 6)
        )
        room.withState { state in
            state.entry = Self.entry(2, faults: 0)
            state.follow(state.entry)
        }
        let after = Self.counted(room)
        #expect(after.rows.allSatisfy { $0.untracked == 0 } && after.over.count == 70)
        room.withState { $0.drop(after.over) }
        #expect(room.withState { $0.tracks.isEmpty && $0.untracked == 0 })
    }
}
