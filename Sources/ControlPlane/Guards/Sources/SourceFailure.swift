/// Why a source cannot be asked at all, in the words of a reading: nothing secret is in them.
struct SourceFailure: Error, Equatable, Sendable {
    let reason: String

    init(_ reason: String) { self.reason = reason }
}
