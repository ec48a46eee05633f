import Base
import SafetyLever

/// The latches on disk: what holds everything back after a restart, whatever the database says by then.
///
/// Written on a thread of its own, since a disk may take its time. A write is of the latches as they are when its turn comes.
final class LatchFile: Sendable {
    /// The disk and the thread that may wait for it; nil for a node that has none.
    private let place: (file: SlotFile, thread: WorkerThread)?
    /// What was there when the node started.
    let found: [Latch]
    /// What is on the disk, by its names, and the highest epoch in it.
    private let onDisk: Locked<[String: Int64]>

    /// Keeps nothing beyond this process.
    init() {
        place = nil
        found = []
        onDisk = Locked([:])
    }

    /// `disk` is the thread that may wait for it.
    init(_ path: String, on disk: WorkerThread) throws(SystemError) {
        let file = try SlotFile(path, capacity: 64 << 10)
        place = (file, disk)
        let json = file.contents.flatMap { try? JSON(parsing: $0) }
        found = json?["latches"]?.elements?.compactMap { Latch($0) } ?? []
        onDisk = Locked(Self.names(found))
    }

    /// There was something and it cannot be read: it may have been a halt.
    var isDamaged: Bool { place?.file.isDamaged ?? false }

    /// The highest epoch in which this node is latched on its own disk; nil where it is not.
    var epoch: Int64? { onDisk.withLock { $0.values.max() } }

    /// Whether that engagement would survive this process.
    func holds(_ id: String) -> Bool { onDisk.withLock { $0[id] != nil } }

    /// Whether the disk has these and no others.
    func isOf(_ latches: [Latch]) -> Bool { onDisk.withLock { $0 == Self.names(latches) } }

    private static func names(_ latches: [Latch]) -> [String: Int64] {
        Dictionary(latches.map { ($0.id, $0.epoch) }, uniquingKeysWith: max)
    }

    /// Writes the latches, and returns once they would survive a power cut.
    func save(_ latches: @escaping @Sendable () -> [Latch]) async throws(SystemError) {
        guard let (file, thread) = place else { return note(latches()) }
        let result = await Task(executorPreference: thread) { () -> Result<Void, SystemError> in
            do throws(SystemError) {
                let current = latches()
                let (bytes, written) = Self.encoded(current, within: file.capacity)
                try file.write(bytes, durably: true)
                self.note(written)
                return .success(())
            } catch {
                return .failure(error)
            }
        }.value
        try result.get()
    }

    private func note(_ latches: [Latch]) { onDisk.withLock { $0 = Self.names(latches) } }

    /// What does not fit goes without its reasons, and then the newest: one latch holds as fast as many.
    private static func encoded(_ latches: [Latch], within capacity: Int) -> ([UInt8], [Latch]) {
        var latches = latches
        var hasReasons = true
        while true {
            let json = JSON.array(latches.map { $0.json(withReason: hasReasons) })
            let bytes = JSON.object([.init("latches", json)]).encoded
            if bytes.count <= capacity || latches.count <= 1 { return (bytes, latches) }
            if hasReasons { hasReasons = false } else { latches.removeLast() }
        }
    }
}

extension Latch {
    /// As it lies on the disk and goes to peers.
    func json(withReason: Bool = true) -> JSON {
        [
            "id": .string(id), "epoch": .integer(epoch), "reason": .string(withReason ? reason : ""),
            "by": .string(by), "engagedAt": .integer(engagedAt), "isRecorded": .bool(isRecorded),
        ]
    }

    init?(_ json: JSON) {
        guard let id = json["id"]?.text, (1...64).contains(id.utf8.count), let epoch = json["epoch"]?.whole,
            (1...Int64(Int32.max)).contains(epoch), let reason = json["reason"]?.text,
            let by = json["by"]?.text, let engagedAt = json["engagedAt"]?.whole
        else { return nil }
        self.init(
            id: id,
            epoch: epoch,
            reason: reason,
            by: by,
            engagedAt: engagedAt,
            isRecorded: json["isRecorded"] == .bool(true)
        )
    }
}
