import Base
import Experiments
import Store

/// A run read from the database, being changed, on its way back with all that the change brings along.
///
/// Every change of a run goes through here, whoever makes it: a request, the lever or the passing of time.
struct RunRecord {
    let row: Experiment
    private(set) var run: Run
    private var events: [RunEvent] = []
    private var published: [String] = []
    private var cleared: [String] = []

    init(_ row: Experiment) throws(StoredFormError) {
        self.row = row
        run = try Run(stored: row.run)
    }

    /// True once something happened that the database does not know of yet.
    var isChanged: Bool { run.json != row.run }

    /// Takes in what an event of the run brought; says whether its targets must be looked for.
    @discardableResult
    mutating func happened(_ event: (inout Run) -> RunAnswer) -> Bool {
        take(event(&run))
    }

    /// The same for an event that the run may refuse.
    @discardableResult
    mutating func happened(_ event: (inout Run) throws(RunRefusal) -> RunAnswer) throws(RunRefusal) -> Bool {
        take(try event(&run))
    }

    private mutating func take(_ answer: RunAnswer) -> Bool {
        events += answer.recorded
        var resolves = false
        for effect in answer.effects {
            switch effect {
            case .resolveTargets: resolves = true
            case .publish(let names): published += names
            case .clear(let names):
                // What was to be published by the same write never is.
                cleared += names.filter { !published.contains($0) }
                published.removeAll { names.contains($0) }
            }
        }
        return resolves
    }

    /// What is to be written.
    var step: ExperimentStep {
        ExperimentStep(
            state: RunState(run, events: Self.link(events, after: row.eventCount, row.eventHead)),
            published: published.flatMap(faults),
            cleared: cleared
        )
    }

    /// The row as it is once the step is written.
    var written: Experiment { isChanged ? row.after(step.state) : row }

    private func faults(of action: String) -> [PublishedFault] {
        run.arns(of: action).flatMap { arn in
            run.faults(on: arn).filter { $0.action == action }.map { fault in
                PublishedFault(
                    action: action,
                    target: arn,
                    qualifier: fault.qualifier,
                    notBefore: fault.notBefore,
                    notAfter: fault.notAfter,
                    fault: fault.json
                )
            }
        }
    }

    /// Ties events to the chain that ends in `head`.
    static func link(_ events: [RunEvent], after count: Int, _ head: [UInt8]) -> [LinkedEvent] {
        var head = head
        return events.enumerated().map { place, event in
            let payload = event.json
            head = EventChain.link(previous: head, payload: payload.encoded)
            return LinkedEvent(number: count + place + 1, at: event.at, payload: payload, digest: head)
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

extension RunState {
    /// The names of the changes that it records, such as `action.running`: places to fail at, for tests.
    var changes: [String] {
        events.map { event in
            let kind = event.payload["kind"]?.text?.prefix { $0 != "." } ?? ""
            return "\(kind).\(event.payload["to"]?.text ?? "")"
        }
    }
}
