import Base
import Experiments
import Store

/// What comes of the reading of a parameter.
struct ParameterTurn {
    /// The parameter, as GetParameter shows it.
    let body: [UInt8]
    let outcome: Outcome

    enum Outcome: String, CaseIterable {
        /// A fault was told.
        case fault
        case off
        /// This node is not sure, and so told of none.
        case degraded
        /// Whoever read may not, and was told of none.
        case refused
        /// There is no such parameter.
        case unknown
    }
}

extension DocumentBook {
    /// Decides what to tell those who read a parameter, and remembers that they were told.
    ///
    /// By this node's time and not by theirs: they know nothing of beginnings and ends. `wall` is the deployment's time.
    func turn(_ parameter: Parameter, at now: Instant, _ wall: Timestamp) -> ParameterTurn {
        let ownStanding = standing(at: now)
        return parameter.room.withState { state in
            let standing = state.standing(ownStanding, at: now)
            guard let version = state.version(standing) else {
                return unsure(parameter, standing, at: now, wall, &state)
            }
            let kept = state.reading(of: parameter, version, standing, at: wall)
            let hasFaults = !kept.reading.told.isEmpty
            let outcome: ParameterTurn.Outcome = hasFaults ? .fault : .off
            guard let place = place(of: parameter, at: now, &state) else {
                if hasFaults { state.toldUntracked(parameter.dialect, at: now, lease) }
                return ParameterTurn(body: parameter.body(kept), outcome: outcome)
            }
            state.readers.values[place].heard(hasFaults, at: now)
            if state.readers.values[place].told !== kept {
                var record = state.readers.values[place]
                state.tell(kept, to: &record, at: now)
                record.body = parameter.body(kept)
                state.readers.values[place] = record
            }
            return ParameterTurn(body: state.readers.values[place].body, outcome: outcome)
        }
    }

    private func unsure(
        _ parameter: Parameter,
        _ standing: Standing,
        at now: Instant,
        _ wall: Timestamp,
        _ state: inout TargetRoom.State
    ) -> ParameterTurn {
        var why = "the target's version is out of range"
        if case .unsure(let reason) = standing.trust { why = reason }
        if let place = state.readers.index(forKey: parameter.name) {
            state.readers.values[place].told = nil
            state.readers.values[place].heard(false, at: now)
        }
        let value = parameter.dialect.off(because: "Nothing is told, since this node is not sure: \(why).")
        let number = standing.epoch << 32 | state.entry.change & 0xFFFF_FFFF
        let body = ParameterJSON(
            name: parameter.name,
            value: value,
            version: number,
            since: wall,
            arn: parameter.arn
        )
        return ParameterTurn(body: body.encoded, outcome: .degraded)
    }

    /// Where it is remembered who reads it; nil where there is no room for it.
    private func place(
        of parameter: Parameter,
        at now: Instant,
        _ state: inout TargetRoom.State
    ) -> TargetRoom.Readers.Index? {
        if let known = state.readers.index(forKey: parameter.name) {
            // A name that was bound anew keeps its place, and what was told under it.
            if !state.readers.values[known].isOf(parameter) { state.readers.values[known].follow(parameter) }
            return known
        }
        guard census.admit(parameter.room.key.account) else { return nil }
        state.readers[parameter.name] = ReaderRecord(parameter, seenAt: now)
        return state.readers.index(forKey: parameter.name)
    }
}

extension DocumentBook {
    /// Names lead elsewhere now: whoever read them here does not any more.
    func moved(_ bindings: [ParameterTable.Binding]) {
        for binding in bindings {
            roomIfAny(binding.target)?.withState { $0.readers[binding.name]?.isBound = false }
        }
    }
}

extension TargetRoom.State {
    /// Somebody was told a fault whom there is no memory for.
    fileprivate mutating func toldUntracked(_ dialect: Dialect, at now: Instant, _ lease: Duration) {
        untracked += 1
        untrackedUntil = max(untrackedUntil, now + lease)
        untrackedReaders += 1
        untrackedReadersUntil = max(untrackedReadersUntil, now + dialect.longestUse)
    }

    /// The version of the document as it stands; nil where nobody can be sure of it.
    fileprivate func version(_ standing: DocumentBook.Standing) -> FaultVersion? {
        if case .unsure = standing.trust, !standing.isEngaged { return nil }
        return FaultVersion(epoch: standing.epoch, change: entry.change)
    }
}

extension Parameter {
    fileprivate func body(_ kept: KeptReading) -> [UInt8] {
        ParameterJSON(
            name: name,
            value: kept.reading.value,
            version: kept.version.number,
            since: kept.since,
            arn: arn
        ).encoded
    }
}

/// A parameter as SSM shows it.
struct ParameterJSON {
    let name: String
    let value: JSON
    let version: Int64
    let since: Timestamp
    let arn: String

    var encoded: [UInt8] {
        let json: JSON = [
            "Name": .string(name), "Type": "String",
            "Value": .string(String(decoding: value.encoded, as: UTF8.self)), "Version": .integer(version),
            "LastModifiedDate": .number(Double(since.nanoseconds / 1_000_000) / 1_000),
            "ARN": .string(arn), "DataType": "text",
        ]
        return json.encoded
    }
}
