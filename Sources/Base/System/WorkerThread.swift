/// A thread of its own that runs jobs in order: what may block (libpq, a slow disk) lives here, never on a shared pool.
package final class WorkerThread: SerialExecutor, TaskExecutor {
    private struct Inbox {
        var jobs: [UnownedJob] = []
        var isStopping = false
    }

    private let inbox = Locked(Inbox())

    /// Starts the thread; `name` is what debuggers and `top -H` show, cut to 15 bytes.
    package init(name: String) throws(SystemError) {
        try Thread.start(name: name) { self.work() }
    }

    package func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        inbox.withLock { $0.jobs.append(job) }
        inbox.announce()
    }

    /// Ends the thread once the jobs already queued have run.
    package func stop() {
        inbox.withLock { $0.isStopping = true }
        inbox.announce()
    }

    package func checkIsolated() {}

    package func isIsolatingCurrentContext() -> Bool? { nil }

    private func work() {
        while true {
            let batch = inbox.waitUntil {
                !$0.jobs.isEmpty || $0.isStopping
            } then: { inbox in
                let jobs = inbox.jobs
                inbox.jobs.removeAll(keepingCapacity: true)
                return jobs
            }
            if batch.isEmpty { return }
            for job in batch {
                unsafe job.runSynchronously(
                    isolatedTo: asUnownedSerialExecutor(),
                    taskExecutor: asUnownedTaskExecutor()
                )
            }
        }
    }
}
