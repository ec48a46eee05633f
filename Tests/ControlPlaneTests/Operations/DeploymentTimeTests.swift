import Base
import TestSupport
import Testing

@testable import ControlPlane

/// The database's time as a node carries it forward, whatever an answer took.
@Suite struct DeploymentTimeTests {
    private static let noon = Timestamp(nanoseconds: 1_790_000_000_000_000_000)

    /// A node's clock, in milliseconds, and what the database says of itself at each moment.
    private final class Stage {
        let moment = Locked(Instant(nanoseconds: 5_000_000_000))
        let time: DeploymentTime

        init() {
            let moment = moment
            time = DeploymentTime(clock: Clock(now: { moment.withLock { $0 } }, wall: { noon }))
        }

        func pass(_ milliseconds: Int64) { moment.withLock { $0 = $0 + .milliseconds(milliseconds) } }

        /// The database is asked, and reads its clock that long after and that long before the answer is there.
        func hear(_ database: Int64, after: Int64 = 0, before: Int64 = 0) {
            let asked = moment.withLock { $0 }
            pass(after)
            let read = noon + .milliseconds(database + after)
            pass(before)
            time.heard(read, asked: asked, answered: moment.withLock { $0 })
        }

        /// How far the node is ahead of what the database's clock must show, in milliseconds.
        func ahead(of database: Int64) -> Int64 {
            let told = time.now - (noon + .milliseconds(database))
            return (told.nanoseconds + 500_000) / 1_000_000
        }
    }

    @Test func `an answer that took long moves nothing that agrees with it`() {
        let stage = Stage()
        stage.hear(0)
        #expect(stage.ahead(of: 0) == 0)
        stage.pass(1_000)
        // The database hangs for four seconds, and then reads its clock.
        stage.hear(1_000, after: 4_000)
        #expect(stage.ahead(of: 5_000) == 0)
        stage.hear(5_000, after: 1, before: 4_000)
        #expect(stage.ahead(of: 9_001) == 0)
    }

    @Test func `a first answer is taken for the latest that it can be, and the next ones mend it`() {
        let stage = Stage()
        stage.hear(0, after: 2_000)
        #expect(stage.ahead(of: 2_000) == 2_000)
        stage.pass(3_000)
        stage.hear(5_000, after: 1)
        #expect((0...1).contains(stage.ahead(of: 5_001)))
    }

    @Test func `a database whose clock was moved is followed, and nobody is told an earlier time`() {
        let stage = Stage()
        stage.hear(0)
        stage.hear(3_600_000)
        #expect(stage.ahead(of: 3_600_000) == 0)
        stage.hear(0)
        #expect(stage.ahead(of: 3_600_000) == 0)
        stage.pass(10)
        #expect(stage.ahead(of: 3_600_000) == 0, "it stands until the other has come there")
    }
}
