import Base

/// Ties the events of an experiment together, so that none can be changed, dropped, added or moved unnoticed.
package enum EventChain {
    /// What the first event is linked to: another experiment's chain cannot stand in for this one.
    package static func start(experiment id: String) -> [UInt8] {
        link(previous: [], payload: Array(id.utf8))
    }

    /// SHA-256 over both, each with its length before it, so that no two pairs are written alike.
    package static func link(previous: [UInt8], payload: [UInt8]) -> [UInt8] {
        Hash.sha256(UnambiguousBytes.joined([previous, payload]))
    }

    /// The place of the first event whose link is not what it must be; nil where all are.
    package static func verify(start: [UInt8], _ events: [(payload: [UInt8], link: [UInt8])]) -> Int? {
        var previous = start
        for (place, event) in events.enumerated() {
            guard link(previous: previous, payload: event.payload) == event.link else { return place }
            previous = event.link
        }
        return nil
    }
}

/// Several byte strings as one, from which they could be told apart again.
enum UnambiguousBytes {
    static func joined(_ parts: [[UInt8]]) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(parts.reduce(0) { $0 + 8 + $1.count })
        for part in parts {
            for shift in stride(from: 56, through: 0, by: -8) {
                bytes.append(UInt8(truncatingIfNeeded: part.count >> shift))
            }
            bytes += part
        }
        return bytes
    }
}
