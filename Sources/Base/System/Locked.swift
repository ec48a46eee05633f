import CLinux
import Glibc

/// A value that only one thread at a time may touch, and that threads can wait on.
///
/// Built on a pthread mutex, which ThreadSanitizer understands; the standard library's on Linux is a bare futex whose
/// ordering the sanitizer cannot see.
@safe
package final class Locked<Value: ~Copyable>: @unchecked Sendable {
    private let mutex: UnsafeMutablePointer<pthread_mutex_t>
    private let changed: UnsafeMutablePointer<pthread_cond_t>
    /// The mutex keeps accesses apart already; whoever locks twice waits for ever, in every build.
    @exclusivity(unchecked) private var value: Value

    package init(_ value: consuming sending Value) {
        unsafe mutex = .allocate(capacity: 1)
        unsafe mutex.initialize(to: pthread_mutex_t())
        unsafe changed = .allocate(capacity: 1)
        unsafe changed.initialize(to: pthread_cond_t())
        // With these attributes glibc has no way to fail at either.
        _ = unsafe pthread_mutex_init(mutex, nil)
        // Its own default is the wall clock, and whoever sets that would lengthen every wait.
        var attributes = pthread_condattr_t()
        _ = unsafe pthread_condattr_init(&attributes)
        _ = unsafe pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
        _ = unsafe pthread_cond_init(changed, &attributes)
        _ = unsafe pthread_condattr_destroy(&attributes)
        unsafe self.value = value
    }

    deinit {
        unsafe pthread_cond_destroy(changed)
        unsafe changed.deallocate()
        unsafe pthread_mutex_destroy(mutex)
        unsafe mutex.deallocate()
    }

    package func withLock<Result: ~Copyable, Failure: Error>(
        _ body: (inout sending Value) throws(Failure) -> sending Result
    ) throws(Failure) -> sending Result {
        unsafe pthread_mutex_lock(mutex)
        defer { unsafe pthread_mutex_unlock(mutex) }
        return try unsafe body(&value)
    }

    /// Wakes those who wait, after a change they may be waiting for.
    package func announce() {
        unsafe pthread_cond_broadcast(changed)
    }

    /// Blocks this thread until `isReady`, then runs `body`.
    ///
    /// Never call it on an event loop or a shared pool.
    package func waitUntil<Result>(
        _ isReady: (borrowing Value) -> Bool,
        then body: (inout sending Value) -> sending Result
    ) -> sending Result {
        unsafe pthread_mutex_lock(mutex)
        defer { unsafe pthread_mutex_unlock(mutex) }
        while unsafe !isReady(value) { unsafe pthread_cond_wait(changed, mutex) }
        return unsafe body(&value)
    }

    /// Blocks this thread until `isReady` or the time is up; says which.
    package func wait(atMost limit: Duration, until isReady: (borrowing Value) -> Bool) -> Bool {
        let end = max(0, readClock(CLOCK_MONOTONIC).bounded(adding: limit.nanoseconds))
        var deadline = timespec()
        deadline.tv_sec = Int(end / 1_000_000_000)
        deadline.tv_nsec = Int(end % 1_000_000_000)
        unsafe pthread_mutex_lock(mutex)
        defer { unsafe pthread_mutex_unlock(mutex) }
        while unsafe !isReady(value) {
            if unsafe pthread_cond_timedwait(changed, mutex, &deadline) != 0 { return unsafe isReady(value) }
        }
        return true
    }
}
