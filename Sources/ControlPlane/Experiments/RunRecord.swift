import Base
import Experiments
import Store

/// A run read from the database, being changed, on its way back with all that the change brings along.
///
/// Every change of a run goes through here, whoever makes it: a request, the lever or the passing of time.
struct RunRecord {
    private(set) var row: Experiment
    private(set) var run: Run
    private var events: [RunEvent] = []
    private var published: [String] = []
    private var advanced: [String] = []
    private var cleared: [String] = []
    private var watched: [String] = []
    private var isBeginning = false

    init(_ row: Experiment) throws(StoredFormError) {
        self.init(row, try Run(stored: row.run))
    }

    /// A run that lies in the database as `row` has it.
    private init(_ row: Experiment, _ run: Run) {
        self.row = row
        self.run = run
    }

    /// A run that begins: that it does is the first that happened to it.
    init(beginning run: Run, _ row: Experiment) {
        self.row = row
        self.run = run
        events = [run.creation]
    }

    /// The same run with the roles in other accounts that were copied when it was made.
    func with(accountConfigurations: JSON) -> RunRecord {
        var record = self
        record.row.accountConfigurations = accountConfigurations
        return record
    }

    /// True once something happened that the database does not know of yet.
    var isChanged: Bool { run.json != row.run }

    /// Takes in what an event of the run brought; says whether its targets must be looked for.
    @discardableResult
    mutating func happened(_ event: (inout Run) -> RunAnswer) -> Bool {
        let isHolding = run.isAwaitingGuards
        return take(event(&run), isHolding: isHolding)
    }

    /// The same for an event that the run may refuse.
    @discardableResult
    mutating func happened(_ event: (inout Run) throws(RunRefusal) -> RunAnswer) throws(RunRefusal) -> Bool {
        let isHolding = run.isAwaitingGuards
        return take(try event(&run), isHolding: isHolding)
    }

    /// Takes in what was found for the run's targets.
    mutating func targetsResolved(_ outcome: ResolutionOutcome, at now: Timestamp, _ log: Logger) {
        happened(log) { run throws(RunRefusal) in try run.targetsResolved(outcome, at: now) }
    }

    /// The same run as it is when its targets are held, or waited for, by others: it has not begun, and gets in line.
    func queued(after begun: RunRecord, behind: String, _ log: Logger) -> RunRecord {
        var record = self
        let (targets, now) = (begun.run.targets ?? [], run.createdAt)
        record.happened(log) { run throws(RunRefusal) in
            try run.queued(with: targets, behind: behind, at: now)
        }
        return record
    }

    /// Takes in an event that only a mistake of the server's can have refused; the log gets the refusal.
    mutating func happened(_ log: Logger, _ event: (inout Run) throws(RunRefusal) -> RunAnswer) {
        do throws(RunRefusal) {
            try happened(event)
        } catch {
            log.error(
                "event refused",
                .field("experiment.id", row.id),
                .field("error", error.description)
            )
        }
    }

    /// `isHolding` says whether it had its targets before.
    private mutating func take(_ answer: RunAnswer, isHolding: Bool) -> Bool {
        events += answer.recorded
        let running = RunStatus.running.rawValue
        let isRunning = answer.recorded.contains { $0.kind == .experiment && $0.to == running }
        if !isHolding, isRunning || run.isAwaitingGuards { isBeginning = true }
        var resolves = false
        for effect in answer.effects {
            switch effect {
            case .resolveTargets: resolves = true
            case .publish(let names): published += names
            case .watch(let names): watched += names
            // What is to be published by the same write has its new times then.
            case .advance(let names): advanced += names.filter { !published.contains($0) }
            case .clear(let names):
                // What was to be published by the same write never is.
                cleared += names.filter { !published.contains($0) }
                published.removeAll { names.contains($0) }
                advanced.removeAll { names.contains($0) }
            }
        }
        return resolves
    }

    /// What it does about its targets: takes them when it begins to run, or gets in line for them.
    private var use: TargetUse {
        if isBeginning { return .hold(hold) }
        return row.revision == 0 && run.queue != nil ? .wait(run.wantedTargets) : .none
    }

    private var hold: TargetUse.Hold {
        let turn: TargetUse.Turn = run.overlap != .queue ? .atOnce : row.revision == 0 ? .last : .own
        return TargetUse.Hold(run.wantedTargets, isExclusive: run.overlap.isExclusive, turn: turn)
    }

    /// Whether it runs and has faults that are served.
    var hasFaults: Bool { run.actions.contains { $0.status.isUnderWay && $0.plan.publishes } }

    /// What is to be written.
    func step(_ audit: StepAudit? = nil) -> ExperimentStep {
        ExperimentStep(
            state: RunState(run, events: Self.link(events, after: row.eventCount, row.eventHead)),
            published: published.flatMap(faults),
            advanced: advanced.flatMap(faults),
            cleared: cleared,
            use: use,
            watched: watched,
            audit: audit
        )
    }

    /// The record once its step is written, with nothing left to write.
    func written(_ step: ExperimentStep) -> RunRecord { RunRecord(row.after(step.state), run) }

    /// The names of the changes it brings, such as `action.running.before-commit`: places to fail at, for tests.
    func failpoints(_ moment: String) -> [String] {
        events.map { "\($0.kind.rawValue.prefix { $0 != "." }).\($0.to).\(moment)" }
    }

    private func faults(of action: String) -> [PublishedFault] {
        run.faults(of: action).map { target, fault in
            PublishedFault(
                action: action,
                target: target,
                qualifier: fault.qualifier,
                notBefore: fault.notBefore,
                notAfter: fault.notAfter,
                fault: fault.json
            )
        }
    }

    /// Ties events to the chain that ends in `head`.
    static func link(_ events: [RunEvent], after count: Int, _ head: [UInt8]) -> [LinkedEvent] {
        var head = head
        return events.enumerated().map { place, event in
            let payload = event.json.encoded
            head = EventChain.link(previous: head, payload: payload)
            return LinkedEvent(number: count + place + 1, payload: payload, digest: head)
        }
    }
}

extension RunState {
    init(_ run: Run, events: [LinkedEvent]) {
        self.init(
            status: run.status.rawValue,
            run: run.json,
            endedAt: run.endedAt,
            nextDue: run.nextDue,
            events: events
        )
    }
}
