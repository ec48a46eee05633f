import Base
import SafetyLever
import Store

/// The short path of a halt, and what this node knows of the one in force.
///
/// Memory first: from the moment `engage` returns nothing is served here, whatever the disk, the database and the other nodes do. They are
/// told at once and again every second until each has confirmed.
final class Halt: Sendable {
    /// What came of the engagement in force.
    struct Course: Sendable {
        let id: String
        /// When this node learned of it, by both clocks.
        let begunAt: Instant
        let begun: Timestamp
        /// When it was known to be in the database, and in which epoch.
        var recorded: (epoch: Int64, at: Timestamp)?
        /// Runs that this node stopped for it.
        var stopped: [StoppedRun] = []
    }

    struct StoppedRun: Equatable, Sendable {
        let account: AccountID
        let id: String
    }

    let book: DocumentBook
    /// This node's name.
    var node: String { peers.node }
    let disk: LatchFile
    let peers: Peers
    /// Whether no other node can be on its database.
    let isAlone: Bool
    /// Has what the database does not know of recorded.
    let recording = Ticker()
    let time: DeploymentTime
    let clock: Clock
    let log: Logger
    private let wake: @Sendable (DocumentBook.News) -> Void
    private let course = Locked<Course?>(nil)
    let looking = Locked<Task<HaltProof, Never>?>(nil)
    /// When this process began, and whether another served on this data directory before it.
    let bornAt: Instant
    let hasLivedBefore: Bool

    init(
        book: DocumentBook,
        disk: LatchFile,
        peers: Peers,
        isAlone: Bool,
        hasLivedBefore: Bool,
        time: DeploymentTime,
        clock: Clock,
        log: Logger,
        wake: @escaping @Sendable (DocumentBook.News) -> Void
    ) {
        self.book = book
        self.disk = disk
        self.peers = peers
        self.isAlone = isAlone
        self.hasLivedBefore = hasLivedBefore
        bornAt = clock.now()
        self.time = time
        self.clock = clock
        self.log = log
        self.wake = wake
        noteCourse()
    }

    /// One with neither disk nor peers.
    convenience init(
        alone lease: Duration,
        time: DeploymentTime,
        clock: Clock,
        log: Logger,
        wake: @escaping @Sendable (DocumentBook.News) -> Void = { _ in }
    ) {
        let peers = Peers(node: "", seal: PeerSeal(.random()), clock: clock, log: log) {
            (_, _, _) throws(Peers.PeerFailure) in throw Peers.PeerFailure(reason: "there are no peers")
        }
        self.init(
            book: DocumentBook(lease: lease),
            disk: LatchFile(),
            peers: peers,
            isAlone: true,
            hasLivedBefore: false,
            time: time,
            clock: clock,
            log: log,
            wake: wake
        )
    }

    /// Serves nothing from here on; the engagement that then stands is new, or the one that stood.
    func engage(reason: String, by: String) -> Latch {
        let fresh = Latch(
            id: Self.freshID,
            epoch: 0,
            reason: reason,
            by: by,
            engagedAt: time.now.nanoseconds
        )
        let latch = book.withLever { $0.engage(fresh) }
        noteCourse()
        wake(.everybody)
        return latch
    }

    static var freshID: String { "ENG" + Random.token(15) }

    /// Another node has engaged; returns once this one serves nothing and has that very engagement on its disk, with the epoch it stands in.
    ///
    /// Nil where it is over, or where another has taken its place that is not on the disk yet.
    func told(_ latch: Latch) async -> Int64? {
        let change = book.withLever { $0.told(latch) }
        if change.everyDocument {
            log.warning(
                "a peer engaged the safety lever",
                .field("lever.engagement", latch.id),
                .field("lever.reason", latch.reason)
            )
            noteCourse()
            wake(.everybody)
        }
        if !isSaved { await saveOrLog() }
        recording.nudge()
        let lever = book.lever
        let held = lever.latches.first { $0.id == latch.id } ?? lever.standing
        return held.flatMap { disk.holds($0.id) ? lever.epoch : nil }
    }

    /// The database says less than it said before; when this returns, the disk has that too, if it takes it.
    func databaseWentBack(_ problem: String, to read: LeverRecord?) async {
        let reason =
            "The database was restored or lost commits: \(problem). "
            + "See to it that it is the right one, then disengage."
        let fresh = Latch(
            id: Self.freshID,
            epoch: 0,
            reason: reason,
            by: Self.ownName,
            engagedAt: time.now.nanoseconds
        )
        log.error("database went back", .field("database.problem", problem))
        _ = book.withLever {
            $0.databaseWentBack(to: read ?? LeverRecord(status: .disengaged, epoch: 0), fresh)
        }
        book.forgetDocuments()
        noteCourse()
        wake(.everybody)
        await saveOrLog()
        recording.nudge()
    }

    /// Why this node engaged the lever by itself; nil where none of its own engagements stands.
    var ownReason: String? { book.lever.latches.first { $0.by == Self.ownName }?.reason }

    /// Who engages where nobody asked.
    static let ownName = "system"

    /// Writes the latches; a disk that refuses is asked again every second.
    ///
    /// Says why it did.
    @discardableResult
    func saveOrLog() async -> SystemError? {
        do throws(SystemError) {
            try await save()
            return nil
        } catch {
            log.error("latch not written", .field("error", error))
            return error
        }
    }

    /// The lever was read: the disk follows, and whoever waits is told.
    func read(_ news: DocumentBook.News, latches: Bool) {
        noteCourse()
        wake(news)
        if latches { recording.nudge() }
    }

    /// The database has it.
    func recorded(_ id: String, epoch: Int64, under standing: String?) {
        took(book.withLever { $0.recorded(id, epoch: epoch, under: standing) })
    }

    /// The database says that it is over: somebody disengaged it before it was heard of here.
    func over(_ id: String) { took(book.withLever { $0.over(id) }) }

    private func took(_ change: LeverMemory.Change) {
        noteCourse()
        if change.everyDocument { wake(.everybody) }
        if change.latches { recording.nudge() }
    }

    func stopped(_ runs: [StoppedRun]) {
        course.withLock { course in
            for run in runs where course?.stopped.contains(run) == false { course?.stopped.append(run) }
        }
    }

    /// Whether the database knows of everything that holds this node back; waits for that, but no longer than `limit`.
    func isRecorded(within limit: Duration) async -> Bool {
        let deadline = Instant.now + limit
        while !book.lever.unrecorded.isEmpty {
            recording.nudge()
            guard Instant.now < deadline, (try? await Task.sleep(for: .milliseconds(10))) != nil else {
                return false
            }
        }
        return true
    }

    /// Writes the latches to the disk as they are now.
    func save() async throws(SystemError) {
        let book = book
        try await disk.save { book.lever.latches }
    }

    /// Whether the disk has all that holds this node back, and nothing else.
    var isSaved: Bool { disk.isOf(book.lever.latches) }

    /// What came of the engagement in force; nil while there is none.
    var current: Course? { course.withLock { $0 } }

    /// Begins or ends the account of what stands, and notes when it is recorded.
    private func noteCourse() {
        let (instant, now) = (clock.now(), time.now)
        course.withLock { course in
            // Read in here, so that of two who note at once the later one has the later state.
            let lever = book.lever
            guard let standing = lever.standing else {
                course = nil
                return
            }
            if course?.id != standing.id {
                // What held before and still does has begun the halt.
                let before = course.flatMap { old in lever.latches.contains { $0.id == old.id } ? old : nil }
                course = Course(
                    id: standing.id,
                    begunAt: before?.begunAt ?? instant,
                    begun: before?.begun ?? now,
                    stopped: before?.stopped ?? []
                )
            }
            if !standing.isRecorded {
                course?.recorded = nil
            } else if course?.recorded.map({ $0.epoch < standing.epoch }) ?? true {
                course?.recorded = (standing.epoch, now)
            }
        }
    }
}
