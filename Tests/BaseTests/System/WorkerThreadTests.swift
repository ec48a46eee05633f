import Base
import Glibc
import Testing

@Suite struct WorkerThreadTests {
    /// Lives on a worker, and writes down in which order and on which thread it was called.
    private actor Diary {
        private let worker: WorkerThread
        private(set) var entries: [Int] = []
        private(set) var threads: Set<UInt> = []

        nonisolated var unownedExecutor: UnownedSerialExecutor { worker.asUnownedSerialExecutor() }

        init(on worker: WorkerThread) { self.worker = worker }

        func write(_ entry: Int) {
            entries.append(entry)
            threads.insert(UInt(pthread_self()))
        }

        /// Blocks the thread, as libpq would.
        func block(until gate: Locked<Bool>) { _ = gate.wait(atMost: .seconds(30)) { $0 } }

        func threadName() throws(SystemError) -> String {
            String(decoding: try Files.read("/proc/thread-self/comm") ?? [], as: UTF8.self)
        }
    }

    @Test func `jobs run in the order they came, on one thread`() async throws {
        let worker = try WorkerThread(name: "diary")
        let diary = Diary(on: worker)
        let gate = Locked(false)
        // Blocked first, so that all the others are queued together.
        let blocking = Task(executorPreference: worker) { gate.wait(atMost: .seconds(30)) { $0 } }
        let writing = (0..<100).map { entry in Task(executorPreference: worker) { await diary.write(entry) } }
        gate.withLock { $0 = true }
        gate.announce()
        #expect(await blocking.value)
        for task in writing { await task.value }

        #expect(await diary.entries == Array(0..<100))
        #expect(await diary.threads.count == 1)
        worker.stop()
    }

    @Test func `a worker that blocks holds up nobody else`() async throws {
        let worker = try WorkerThread(name: "blocked")
        let other = try WorkerThread(name: "free")
        let gate = Locked(false)
        let blocked = Diary(on: worker)
        let free = Diary(on: other)
        let blocking = Task { await blocked.block(until: gate) }
        await free.write(1)
        #expect(await free.entries == [1])
        gate.withLock { $0 = true }
        gate.announce()
        await blocking.value
        worker.stop()
        other.stop()
    }

    @Test func `what was queued before the stop still runs`() async throws {
        let worker = try WorkerThread(name: "stopping")
        let gate = Locked(false)
        // A task that prefers this executor stands in its queue as soon as it is made.
        let blocking = Task(executorPreference: worker) { gate.wait(atMost: .seconds(30)) { $0 } }
        let queued = (0..<10).map { number in Task(executorPreference: worker) { number } }
        worker.stop()
        gate.withLock { $0 = true }
        gate.announce()
        #expect(await blocking.value)
        for (number, task) in queued.enumerated() { #expect(await task.value == number) }
    }

    @Test func `its thread has its name, cut to what the kernel takes`() async throws {
        let worker = try WorkerThread(name: "a name longer than that")
        #expect(try await Diary(on: worker).threadName() == "a name longer t\n")
        worker.stop()
    }
}
