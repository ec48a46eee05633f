import Base
import SafetyLever
import Store

/// What a node has seen of its database, through all its lives: less than that means that the database was restored or lost commits.
///
/// Kept in the data directory without anybody waiting for the disk: after a power cut it may be a second old, and then only recognises less.
final class DatabaseMemory: Sendable {
    struct Seen: Equatable {
        var system: String?
        /// The highest that it was ever seen to record.
        var epoch: Int64 = 0
        /// Of this node's last heartbeat.
        var beat: Int64 = 0

        /// What is wrong with what the database says now; nil where nothing is.
        func problem(system: String, epoch: Int64) -> String? {
            if let known = self.system, known != system { return "it is another database than before" }
            return epoch < self.epoch ? "its halt epoch fell from \(self.epoch) to \(epoch)" : nil
        }

        /// The same for the number of this node's heartbeat.
        func problem(beat: Int64) -> String? {
            beat <= self.beat ? "it numbers this node's heartbeat \(beat), after \(self.beat)" : nil
        }
    }

    private let file: SlotFile?
    private let disk: WorkerThread?
    private let log: Logger
    private let seen: Locked<Seen>

    /// Remembers for as long as this process lives.
    init() {
        (file, disk, log) = (nil, nil, Logger(sink: NoLog()))
        seen = Locked(Seen())
    }

    /// `disk` is the thread that may wait for it.
    init(_ path: String, on disk: WorkerThread, log: Logger) throws(SystemError) {
        let file = try SlotFile(path, capacity: 1_024)
        self.file = file
        self.disk = disk
        self.log = log
        let json = file.contents.flatMap { try? JSON(parsing: $0) }
        seen = Locked(
            Seen(
                system: json?["system"]?.text,
                epoch: json?["epoch"]?.whole ?? 0,
                beat: json?["beat"]?.whole ?? 0
            )
        )
    }

    var now: Seen { seen.withLock { $0 } }

    func saw(system: String, epoch: Int64) {
        change {
            // Of another database only what it says itself counts.
            $0.epoch = $0.system == system ? max($0.epoch, epoch) : epoch
            $0.system = system
        }
    }

    /// The same where the database went back, and that was dealt with: it is not to be noticed again.
    func accepts(system: String, epoch: Int64) {
        change {
            $0.epoch = epoch
            $0.system = system
        }
    }

    func saw(beat: Int64) { change { $0.beat = beat } }

    private func change(_ body: (inout Seen) -> Void) {
        let (before, after) = seen.withLock { seen in
            let before = seen
            body(&seen)
            return (before, seen)
        }
        guard before != after, let file, let disk else { return }
        let isDurable = before.epoch != after.epoch || before.system != after.system
        Task(executorPreference: disk) { [self] in
            do throws(SystemError) {
                // As it is when the disk's turn comes.
                try file.write(now.json.encoded, durably: isDurable)
            } catch {
                log.error("what was seen of the database is not written", .field("error", error))
            }
        }
    }
}

extension DatabaseMemory.Seen {
    fileprivate var json: JSON {
        [
            "system": system.map { .string($0) } ?? .null, "epoch": .integer(epoch),
            "beat": .integer(beat),
        ]
    }
}
