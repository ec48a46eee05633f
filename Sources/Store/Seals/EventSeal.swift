package import Base

/// Where the chain of a run's events stood when it was sealed.
package struct SealedHead: Equatable, Sendable {
    package let experiment: String
    /// The number of its last event then.
    package let number: Int
    /// That event's digest.
    package let digest: [UInt8]

    package init(experiment: String, number: Int, digest: [UInt8]) {
        self.experiment = experiment
        self.number = number
        self.digest = digest
    }

    /// As it stands in a seal.
    var json: JSON {
        [
            "experiment": .string(experiment), "number": .integer(Int64(number)),
            "head": .string(Hex.encode(digest)),
        ]
    }
}

/// Heads of runs' chains as they stood at one moment, tied to the seal before it.
package struct EventSeal: Equatable, Sendable {
    /// From 1 on, without gaps.
    package let number: Int64
    package let at: Timestamp
    package let heads: JSON
    package let digest: [UInt8]

    /// A seal whose digest `link` works out from what it covers; `at` is kept as finely as the database does.
    package init(
        number: Int64,
        at: Timestamp,
        heads: [SealedHead],
        _ link: (_ covered: [UInt8]) -> [UInt8]
    ) {
        let microseconds = Timestamp(nanoseconds: at.nanoseconds - at.nanoseconds % 1_000)
        let heads = JSON.array(heads.map(\.json))
        self.number = number
        self.at = microseconds
        self.heads = heads
        digest = link(Self.covered(number, microseconds, heads))
    }

    init(_ row: inout Row) throws(StoreError) {
        number = try row.next()
        at = try row.next()
        heads = try row.next()
        digest = try row.next()
    }

    static let columns: Query = "number, at, heads, digest"

    /// What the digest vouches for, beside the seal before it.
    package var covered: [UInt8] { Self.covered(number, at, heads) }

    private static func covered(_ number: Int64, _ at: Timestamp, _ heads: JSON) -> [UInt8] {
        JSON.array([.integer(number), .integer(at.nanoseconds), heads]).encoded
    }
}
