/// What an injector says of a version that it cannot inject as it stands.
package struct Rejection: Equatable, Sendable {
    package let version: Int64
    /// Which of its faults; the others are injected.
    package let faults: [String]
    package let reason: String
}
