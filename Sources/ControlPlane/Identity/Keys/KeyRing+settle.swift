import Base

extension KeyRing {
    /// Returns once the keys in force are as wanted, or when the time is up; says which.
    ///
    /// Whoever is told that a key was made or revoked can so rely on it on this node.
    @discardableResult
    package func settle(
        within limit: Duration,
        _ isAsWanted: @Sendable (KeyTable) -> Bool
    ) async -> Bool {
        let (changes, change) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        let name = UInt64.random(in: .min ... .max)
        watchers.withLock { $0[name] = change }
        defer { watchers.withLock { $0[name] = nil } }
        if isAsWanted(current) { return true }
        let timer = Task {
            try? await Task.sleep(for: limit)
            change.finish()
        }
        defer { timer.cancel() }
        for await _ in changes where isAsWanted(current) { return true }
        return false
    }
}
