import Base
import Experiments
import Store

/// Those who read one parameter, as a halt finds them: nobody can say that they are off, only what they were told last.
struct ReaderCount: Equatable, Sendable {
    let target: TargetKey
    let parameter: String
    let dialect: Dialect
    /// How long ago they were last told of a fault, and when first since that there is none.
    let faultAge: Duration
    let offAge: Duration?

    init?(_ parameter: String, of target: TargetKey, _ record: ReaderRecord, at now: Instant) {
        guard let faultAt = record.faultAt else { return nil }
        self.target = target
        self.parameter = parameter
        dialect = record.dialect
        faultAge = now - faultAt
        offAge = record.offAt.map { now - $0 }
    }
}

extension [ReaderCount] {
    /// One for each parameter, whichever nodes its readers came to: told off only if no other told them of a fault since.
    var merged: [ReaderCount] {
        Dictionary(grouping: self) { [$0.target.account.description, $0.target.target, $0.parameter] }
            .values.compactMap { same -> ReaderCount? in
                guard let last = same.min(by: { $0.faultAge < $1.faultAge }) else { return nil }
                let off = same.compactMap(\.offAge).filter { $0 <= last.faultAge }.max()
                return ReaderCount(last, offAge: off)
            }
            .sorted { ($0.target.target, $0.parameter) < ($1.target.target, $1.parameter) }
    }
}

extension ReaderCount {
    fileprivate init(_ other: ReaderCount, offAge: Duration?) {
        (target, parameter, dialect, faultAge) = (
            other.target, other.parameter, other.dialect, other.faultAge
        )
        self.offAge = offAge
    }

    /// As it goes to a peer.
    var json: JSON {
        [
            .string(target.account.description), .string(target.target), .string(parameter),
            .string(dialect.rawValue), .integer(faultAge.nanoseconds),
            offAge.map { .integer($0.nanoseconds) } ?? .null,
        ]
    }

    init?(_ json: JSON) {
        guard let account = json[0]?.text.flatMap({ AccountID($0) }), let target = json[1]?.text,
            let parameter = json[2]?.text, let dialect = json[3]?.text.flatMap({ Dialect(rawValue: $0) }),
            let faultAge = json[4]?.whole
        else { return nil }
        self.target = TargetKey(account: account, target: target)
        self.parameter = parameter
        self.dialect = dialect
        self.faultAge = .nanoseconds(faultAge)
        offAge = json[5]?.whole.map { .nanoseconds($0) }
    }

    /// As it is shown to its own account.
    func json(at now: Timestamp) -> JSON {
        [
            "target": .string(target.target), "parameter": .string(parameter),
            "dialect": .string(dialect.rawValue), "servedAt": (now + (.zero - faultAge)).json,
            "offSince": offAge.map { (now + (.zero - $0)).json } ?? .null, "note": .string(dialect.bound),
        ]
    }
}
