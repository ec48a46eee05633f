import Base
import Experiments
import Store

/// The node's heartbeat: once a second it tells the database that it lives, and learns what has changed.
///
/// It has a small pool of its own, so that no load can keep it from the database.
final class Pulse: Sendable {
    private let database: Database
    private let heartbeat: Heartbeat
    private let freshFor: Duration
    private let keys: KeyRing
    private let parameters: Parameters
    private let state: NodeState
    private let time: DeploymentTime
    private let halt: Halt
    private let seen: DatabaseMemory
    private let clock: Clock
    private let log: Logger
    private let knownChange = Locked<Int64>(-1)

    init(
        database: Database,
        heartbeat: Heartbeat,
        freshFor: Duration,
        keys: KeyRing,
        parameters: Parameters,
        state: NodeState,
        time: DeploymentTime,
        halt: Halt,
        seen: DatabaseMemory,
        clock: Clock,
        log: Logger
    ) {
        self.database = database
        self.heartbeat = heartbeat
        self.freshFor = freshFor
        self.keys = keys
        self.parameters = parameters
        self.state = state
        self.time = time
        self.halt = halt
        self.seen = seen
        self.clock = clock
        self.log = log
    }

    /// Beats once: the heartbeat is committed and the keys are those of the database, or it throws.
    func beat() async throws(StoreError) {
        let startedAt = clock.now()
        let heartbeat = heartbeat
        let freshFor = freshFor
        let latchedEpoch = halt.disk.epoch
        let pulse: Store.Pulse
        let answeredAt: Instant
        do throws(StoreError) {
            pulse = try await database.statement { transaction throws(StoreError) in
                try transaction.nodePulse(
                    heartbeat,
                    latchedEpoch: latchedEpoch,
                    freshFor: freshFor,
                    lostWithin: Dialect.longestUse
                )
            }
            answeredAt = clock.now()
            if pulse.identityChange != knownChange.withLock({ $0 }) { try await readKeys() }
        } catch {
            state.failed(error.description)
            throw error
        }
        let ranBack = (pulse.newestBeatBefore ?? pulse.databaseTime) - pulse.databaseTime
        await remember(pulse.beat)
        halt.book.beaten(at: startedAt)
        halt.peers.read(pulse.others, lostAt: pulse.lostAge.map { answeredAt + (.zero - $0) })
        time.heard(pulse.databaseTime, asked: startedAt, answered: answeredAt, behind: ranBack)
        await readParameters(ifNot: pulse.parameterChange)
        state.beaten(
            NodeFacts.Beat(
                at: startedAt,
                clockAhead: pulse.databaseTime - clock.wall(),
                clockRanBack: ranBack,
                schemaVersion: pulse.schemaVersion,
                freshNodes: pulse.others.count + 1,
                wentBack: halt.ownReason
            )
        )
    }

    /// Beats every second until cancelled, and at once when `nudges` says that something changed.
    func run(nudges: AsyncStream<Void>) async {
        var isFailing = false
        for await _ in nudges {
            do throws(StoreError) {
                try await beat()
                if isFailing { log.info("database is back") }
                isFailing = false
            } catch {
                if Task.isCancelled { return }
                if !isFailing { log.error("heartbeat failed", .field("error", error)) }
                isFailing = true
            }
        }
    }

    /// A number that is not higher than the last comes from a database that has forgotten some.
    private func remember(_ beat: Int64) async {
        if let problem = seen.now.problem(beat: beat) {
            await halt.databaseWentBack(problem, to: nil)
        }
        seen.saw(beat: beat)
    }

    /// A heartbeat counts whatever becomes of this: faults must not end because a binding cannot be read.
    private func readParameters(ifNot change: Int64) async {
        if change == parameters.table.change { return }
        do throws(StoreError) {
            try await parameters.read(database)
        } catch {
            log.error("bindings not read", .field("error", error))
        }
    }

    private func readKeys() async throws(StoreError) {
        let read = try await database.deploymentKeysRead()
        var records: [KeyRecord] = []
        for key in read.keys {
            guard let record = KeyRecord(key) else {
                log.error("access key unreadable", .field("key.id", key.id.description))
                continue
            }
            records.append(record)
        }
        keys.replace(with: records, accounts: Set(read.accounts.map(\.id)))
        knownChange.withLock { $0 = read.change }
        log.info("keys read", .field("keys.count", records.count), .field("keys.change", read.change))
    }
}

extension KeyRecord {
    /// Nil where the row's pattern is none that this version knows; such a key opens nothing.
    init?(_ key: AccessKey) {
        var targets: TargetPattern?
        if let text = key.targetPattern {
            guard let pattern = TargetPattern(text) else { return nil }
            targets = pattern
        }
        self.init(
            keyID: key.id,
            account: key.account,
            role: key.role,
            targets: targets,
            isRevoked: key.revokedAt != nil
        )
    }
}
