package import Base

/// A run as the database keeps it: all of it in `run`, and beside it what statements go by.
package struct Experiment: Equatable, Sendable {
    package let id: String
    package let account: AccountID
    package let template: String
    package let tags: JSON
    /// The roles in other accounts, as they were when the run started.
    package var accountConfigurations: JSON
    package internal(set) var status: String
    package let epoch: Int64
    package internal(set) var run: JSON
    /// Rises with every change; whoever changes the run names the one it read.
    package internal(set) var revision: Int64
    package let createdAt: Timestamp
    package internal(set) var endedAt: Timestamp?
    package internal(set) var eventCount: Int
    /// The digest of the last event.
    package internal(set) var eventHead: [UInt8]

    static let columns: Query = """
        experiments.id, experiments.account, experiments.template, experiments.tags,
        experiments.account_configurations, experiments.status, experiments.epoch, experiments.run,
        experiments.revision, experiments.created_at, experiments.ended_at, experiments.event_count,
        experiments.event_head
        """

    /// A run before its first step, of which nothing is recorded yet.
    package init(
        new id: String,
        account: AccountID,
        template: String,
        tags: JSON,
        epoch: Int64,
        createdAt: Timestamp,
        eventHead: [UInt8]
    ) {
        self.id = id
        self.account = account
        self.template = template
        self.tags = tags
        accountConfigurations = []
        status = ""
        self.epoch = epoch
        run = [:]
        revision = 0
        self.createdAt = createdAt
        eventCount = 0
        self.eventHead = eventHead
    }

    init(_ row: inout Row) throws(StoreError) {
        id = try row.next()
        account = try row.next()
        template = try row.next()
        tags = try row.next()
        accountConfigurations = try row.next()
        status = try row.next()
        epoch = try row.next()
        run = try row.next()
        revision = try row.next()
        createdAt = try row.next()
        endedAt = try row.nextIfAny()
        eventCount = try row.next()
        eventHead = try row.next()
    }
}

extension Experiment {
    /// The run as a step leaves it that was written.
    package func after(_ state: RunState) -> Experiment {
        var next = self
        next.status = state.status
        next.run = state.run
        next.revision += 1
        next.endedAt = state.endedAt
        next.eventCount += state.events.count
        if !state.events.isEmpty { next.eventHead = state.head }
        return next
    }
}

/// The state of a run as it is to be kept, with the events that led to it.
package struct RunState: Equatable, Sendable {
    package var status: String
    package var run: JSON
    package var endedAt: Timestamp?
    /// When somebody must look again; nil once the run has ended.
    package var nextDue: Timestamp?
    package var events: [LinkedEvent]

    package init(
        status: String,
        run: JSON,
        endedAt: Timestamp? = nil,
        nextDue: Timestamp? = nil,
        events: [LinkedEvent]
    ) {
        self.status = status
        self.run = run
        self.endedAt = endedAt
        self.nextDue = nextDue
        self.events = events
    }

    /// The digest of the last event.
    var head: [UInt8] { events.last?.digest ?? [] }

    /// What lists show of the run: why it is in its state, what went wrong, and how it was to be run.
    var summary: JSON {
        [
            "reason": run["reason"] ?? "", "error": run["error"] ?? .null, "mode": run["mode"] ?? .null,
            "options": run["template"]?["experimentOptions"] ?? [:],
        ]
    }
}
