import Base

/// When a refused client should come back.
package enum RetryAfter {
    private static let longest: Int64 = 3_600

    /// Whole seconds, at least one and at least the wait, spread so that those refused together return apart.
    package static func seconds(atLeast wait: Duration) -> Int {
        var random = SystemRandomNumberGenerator()
        return seconds(atLeast: wait, using: &random)
    }

    static func seconds(atLeast wait: Duration, using random: inout some RandomNumberGenerator) -> Int {
        let nanoseconds = max(0, wait.nanoseconds)
        let rounded = nanoseconds / 1_000_000_000 + (nanoseconds % 1_000_000_000 > 0 ? 1 : 0)
        let least = min(max(1, rounded), longest)
        return Int(least + Int64.random(in: 0...max(2, least), using: &random))
    }
}
