import Base

/// Runs what blocks on a thread of its own, so that it keeps no other test from running.
package func onThread<Value>(_ body: () async throws -> Value) async throws -> Value {
    let worker = try WorkerThread(name: "test")
    defer { worker.stop() }
    return try await withTaskExecutorPreference(worker) { try await body() }
}

/// Looks again and again until `isTrue` says so; false where that took longer than `limit`.
package func holds(within limit: Duration, _ isTrue: () async throws -> Bool) async rethrows -> Bool {
    let deadline = Instant.now + limit
    while try await !isTrue() {
        if Instant.now > deadline { return false }
        await Task.yield()
    }
    return true
}
