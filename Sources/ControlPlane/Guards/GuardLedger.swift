import Base
import Store

/// Writes down what was found, many at a time: whoever comes while a batch is being written is in the next one.
actor GuardLedger {
    private struct Waiting {
        let look: GuardLook
        /// Told true if it is to write the next batch itself, false once its look is written.
        let turn: CheckedContinuation<Bool, Never>
    }

    private static let batch = 500

    private let database: Database
    private let log: Logger
    private var waiting: [Waiting] = []
    private var isWriting = false
    private var isFailing = false

    init(_ database: Database, log: Logger) {
        self.database = database
        self.log = log
    }

    /// Returns when it is written; what cannot be written is not, and the guard is looked at again.
    func keep(_ look: GuardLook) async {
        if isWriting {
            let isWriter = await withCheckedContinuation { waiting.append(Waiting(look: look, turn: $0)) }
            if !isWriter { return }
        }
        isWriting = true
        let others = waiting.prefix(Self.batch)
        waiting.removeFirst(others.count)
        await write([look] + others.map(\.look))
        for other in others { other.turn.resume(returning: false) }
        if waiting.isEmpty {
            isWriting = false
        } else {
            waiting.removeFirst().turn.resume(returning: true)
        }
    }

    private func write(_ batch: [GuardLook]) async {
        do throws(StoreError) {
            _ = try await database.statement { transaction throws(StoreError) in
                try transaction.guardKeep(batch)
            }
            if isFailing { log.info("guards are kept again") }
            isFailing = false
        } catch {
            // One that the database refuses keeps none of the others from being kept.
            if !error.isTemporary, batch.count > 1 {
                for look in batch { await write([look]) }
                return
            }
            if !isFailing, !Task.isCancelled { log.error("guards not kept", .field("error", error)) }
            isFailing = true
        }
    }
}
