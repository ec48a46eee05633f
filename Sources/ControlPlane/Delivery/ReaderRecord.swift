import Base
import Experiments

/// What readers of one target are told, for all who read it alike: it is worked out when it changes, not when it is read.
final class KeptReading: Sendable {
    let dialect: Dialect
    let qualifier: String?
    let shape: EventShape?
    let version: FaultVersion
    let isEngaged: Bool
    let reading: DialectReading
    /// When it became what it is.
    let since: Timestamp

    init(
        _ parameter: Parameter,
        _ version: FaultVersion,
        isEngaged: Bool,
        _ reading: DialectReading,
        since: Timestamp
    ) {
        dialect = parameter.dialect
        qualifier = parameter.qualifier
        shape = parameter.shape
        self.version = version
        self.isEngaged = isEngaged
        self.reading = reading
        self.since = since
    }

    /// Whether it is what such readers are told, at whatever time.
    func isFor(_ parameter: Parameter) -> Bool {
        dialect == parameter.dialect && qualifier == parameter.qualifier && shape == parameter.shape
    }

    func isCurrent(_ version: FaultVersion, _ standing: DocumentBook.Standing, at now: Timestamp) -> Bool {
        self.version == version && isEngaged == standing.isEngaged && reading.until.map { now < $0 } ?? true
    }
}

/// A parameter that somebody may read; remembered for who may, as long as nothing of it has changed.
final class Parameter: Sendable {
    let name: String
    let arn: String
    let room: TargetRoom
    let dialect: Dialect
    let qualifier: String?
    let shape: EventShape?
    /// Which table it was made from; not the table, which would be kept as long as the parameter is.
    private let table: UInt64

    init(_ name: String, arn: String, _ room: TargetRoom, _ place: Parameters.Place, _ table: ParameterTable)
    {
        self.name = name
        self.arn = arn
        self.room = room
        dialect = place.dialect
        qualifier = place.qualifier
        shape = table.shape(of: place.target)
        self.table = table.number
    }

    func isOf(_ table: ParameterTable) -> Bool { self.table == table.number }
}

/// What a node knows of those who read one parameter, whom it cannot tell apart: they count as one instance.
struct ReaderRecord: Sendable {
    private(set) var dialect: Dialect
    private(set) var qualifier: String?
    /// How long one of them may go on with what it read: where the name was bound anew, the longest of all.
    private var longestUse: Duration
    /// Whether the name leads here still.
    var isBound = true
    var seenAt: Instant
    /// What they were told last; nil where that was no more than that this node is not sure.
    var told: KeptReading?
    /// The answer that tells it.
    var body: [UInt8] = []
    /// When they were last told of a fault, and when first since that there is none.
    var faultAt: Instant?
    var offAt: Instant?
    /// The bits of those followed faults that they were told, and of those that they could not be.
    var held: UInt64 = 0
    var refused: UInt64 = 0
    /// Why they could not be told these.
    var reasons: [String: String] = [:]

    init(_ parameter: Parameter, seenAt: Instant) {
        dialect = parameter.dialect
        qualifier = parameter.qualifier
        longestUse = parameter.dialect.longestUse
        self.seenAt = seenAt
    }

    /// Until when one of them may still do what it read.
    var mayActUntil: Instant { faultAt.map { $0 + longestUse } ?? Instant(nanoseconds: .min) }

    /// Whether it is read that way still.
    func isOf(_ parameter: Parameter) -> Bool {
        isBound && dialect == parameter.dialect && qualifier == parameter.qualifier
    }

    /// The name leads here in another way, or once more.
    mutating func follow(_ parameter: Parameter) {
        dialect = parameter.dialect
        qualifier = parameter.qualifier
        longestUse = max(longestUse, parameter.dialect.longestUse)
        isBound = true
    }

    /// They are told something now.
    mutating func heard(_ hasFaults: Bool, at now: Instant) {
        seenAt = now
        if hasFaults {
            faultAt = now
            offAt = nil
        } else if faultAt != nil, offAt == nil {
            offAt = now
        }
    }
}
