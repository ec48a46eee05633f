import Base
import SafetyLever
import Testing

@testable import ControlPlane

/// What a node keeps on its disk for the next life.
@Suite struct DiskTests {
    private let folder = TemporaryFolder()

    private func latch(_ id: String, reason: String = "drill") -> Latch {
        Latch(id: id, epoch: 7, reason: reason, by: "somebody", engagedAt: 9, isRecorded: true)
    }

    private func withDisk(_ body: (WorkerThread) async throws -> Void) async throws {
        let disk = try WorkerThread(name: "disk")
        defer { disk.stop() }
        try await body(disk)
    }

    @Test func `latches come back as they were`() async throws {
        try await withDisk { disk in
            let path = folder.path + "/latch"
            let file = try LatchFile(path, on: disk)
            #expect(file.found.isEmpty && file.epoch == nil && !file.holds("A"))
            let latches = [latch("A"), latch("B")]
            try await file.save { latches }
            #expect(file.epoch == 7 && file.holds("A") && file.isOf(latches) && !file.isOf([latch("A")]))
            let next = try LatchFile(path, on: disk)
            #expect(next.found == latches && next.isOf(latches) && !next.isDamaged)
            try await next.save { [] }
            #expect(try LatchFile(path, on: disk).found.isEmpty)
        }
    }

    @Test func `what does not fit goes without its reasons, and one latch always fits`() async throws {
        try await withDisk { disk in
            let file = try LatchFile(folder.path + "/latch", on: disk)
            let long = String(repeating: "\u{1}", count: 512)
            let latches = (0..<1_000).map { latch("E\($0)", reason: long) }
            try await file.save { latches }
            let found = try LatchFile(folder.path + "/latch", on: disk).found
            #expect(found.count > 100 && found.first?.id == "E0" && found.first?.reason == "")
            #expect(file.holds("E0") && !file.holds("E999"), "what was left out is not claimed")
        }
    }

    @Test func `less than was seen before is noticed, through all lives`() async throws {
        try await withDisk { disk in
            let path = folder.path + "/database"
            let memory = try DatabaseMemory(path, on: disk, log: .quiet)
            #expect(memory.now.problem(system: "a", epoch: 1) == nil && memory.now.problem(beat: 1) == nil)
            memory.saw(system: "a", epoch: 5)
            memory.saw(beat: 40)
            // The disk's thread does things in their order.
            await Task(executorPreference: disk) {}.value
            let next = try DatabaseMemory(path, on: disk, log: .quiet).now
            #expect(next.problem(system: "b", epoch: 5) == "it is another database than before")
            #expect(next.problem(system: "a", epoch: 4) == "its halt epoch fell from 5 to 4")
            #expect(next.problem(system: "a", epoch: 5) == nil && next.problem(beat: 41) == nil)
            #expect(next.problem(beat: 40) == "it numbers this node's heartbeat 40, after 40")
            memory.saw(system: "a", epoch: 3)
            #expect(memory.now.epoch == 5, "a reading that was overtaken")
            memory.accepts(system: "a", epoch: 3)
            #expect(memory.now.problem(system: "a", epoch: 3) == nil)
        }
    }
}
