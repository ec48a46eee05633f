import Base
import Experiments
import Store

/// Ties seals together as events are, so that none can be changed or left out unnoticed.
enum SealChain {
    /// What the first seal is linked to.
    static let start = EventChain.link(previous: [], payload: Array("event seals".utf8))

    /// The seal that comes after what was read, over the heads that were read.
    static func next(after ground: SealGround, at now: Timestamp) -> EventSeal {
        let previous = ground.number == 0 ? start : ground.digest
        return EventSeal(number: ground.number + 1, at: now, heads: ground.heads) { covered in
            EventChain.link(previous: previous, payload: covered)
        }
    }

    /// Whether a seal is what it must be after the one before it.
    static func isIntact(_ seal: EventSeal, after previous: [UInt8]) -> Bool {
        EventChain.link(previous: previous, payload: seal.covered) == seal.digest
    }
}
