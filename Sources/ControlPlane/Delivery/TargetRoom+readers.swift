import Base
import Experiments
import Store

extension TargetRoom.State {
    /// How many readings are remembered, as qualifiers are the team's own.
    private static let readingsLimit = 8

    /// What all who read that parameter's way are told at that moment.
    mutating func reading(
        of parameter: Parameter,
        _ version: FaultVersion,
        _ standing: DocumentBook.Standing,
        at now: Timestamp
    ) -> KeptReading {
        let place = readings.firstIndex { $0.isFor(parameter) }
        let before = place.map { readings[$0] }
        if let before, before.isCurrent(version, standing, at: now) { return before }
        let faults = entry.served(standing, to: parameter.qualifier).compactMap { DialectFault($0) }
        let reading = parameter.dialect.reading(of: faults, at: now, shape: parameter.shape)
        let since = before.flatMap { $0.reading.value == reading.value ? $0.since : nil } ?? now
        let kept = KeptReading(parameter, version, isEngaged: standing.isEngaged, reading, since: since)
        if let place {
            readings[place] = kept
        } else {
            if readings.count >= Self.readingsLimit { readings.removeFirst() }
            readings.append(kept)
        }
        return kept
    }

    /// The readers of a parameter are told what they were not told before.
    mutating func tell(_ kept: KeptReading, to record: inout ReaderRecord, at now: Instant) {
        record.told = kept
        for place in tracks.indices where tracks[place].end == nil {
            let (id, bit) = (tracks[place].id, tracks[place].bit)
            if kept.reading.told.contains(id) {
                if record.held & bit == 0 {
                    tracks[place].firstHeldAt = tracks[place].firstHeldAt ?? now
                    tracks[place].lastHeldAt = now
                }
                record.held |= bit
                record.refused &= ~bit
            } else if let why = kept.reading.refused[id], record.held & bit == 0 {
                record.refused |= bit
                record.reasons[id] = why
            }
        }
    }

    /// Forgets readers that have not read for that long and cannot do anything any more; says how many.
    mutating func forgetReaders(unseenFor age: Duration, at now: Instant) -> Int {
        var gone = 0
        for (name, record) in readers where now - record.seenAt >= age && record.mayActUntil <= now {
            for place in tracks.indices where record.held & tracks[place].bit != 0 {
                tracks[place].forgotten += 1
            }
            readers[name] = nil
            gone += 1
        }
        return gone
    }
}

extension FaultCoverage {
    /// Counts those who read one parameter as the one instance that they are taken for.
    mutating func count(
        _ record: ReaderRecord,
        _ track: FaultTrack,
        isEnded: Bool,
        at now: Instant,
        _ wall: Timestamp
    ) {
        let isTold = record.held & track.bit != 0
        // Nobody is told a fault before it begins, so they are no part of those that it waits for.
        if !isTold, record.refused & track.bit == 0, !track.hasBegun(at: wall) { return }
        seen += 1
        if record.refused & track.bit != 0, let why = record.reasons[track.id] {
            rejecting += 1
            reasons[why, default: 0] += 1
            return
        }
        guard isTold else { return }
        held += 1
        if record.told?.reading.told.contains(track.id) != true {
            cleared += 1
        } else if !isEnded, record.isBound {
            holding += 1
        } else if record.mayActUntil <= now {
            off += 1
        } else {
            withoutLease += 1
        }
    }
}
