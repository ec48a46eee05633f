package import Base

/// A run as the database keeps it: all of it in `run`, and beside it what statements go by.
package struct Experiment: Equatable, Sendable {
    package let id: String
    package let account: AccountID
    package let template: String
    package let tags: JSON
    /// The roles in other accounts, as they were when the run started.
    package let accountConfigurations: JSON
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

    init(
        id: String,
        account: AccountID,
        template: String,
        tags: JSON,
        accountConfigurations: JSON,
        status: String,
        epoch: Int64,
        run: JSON,
        revision: Int64,
        createdAt: Timestamp,
        endedAt: Timestamp?,
        eventCount: Int,
        eventHead: [UInt8]
    ) {
        self.id = id
        self.account = account
        self.template = template
        self.tags = tags
        self.accountConfigurations = accountConfigurations
        self.status = status
        self.epoch = epoch
        self.run = run
        self.revision = revision
        self.createdAt = createdAt
        self.endedAt = endedAt
        self.eventCount = eventCount
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

/// One event of a run on its way into the database, already linked to the one before it.
package struct LinkedEvent: Equatable, Sendable {
    package let number: Int
    package let at: Timestamp
    package let payload: JSON
    package let digest: [UInt8]

    package init(number: Int, at: Timestamp, payload: JSON, digest: [UInt8]) {
        self.number = number
        self.at = at
        self.payload = payload
        self.digest = digest
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

    /// The events as rows `event`: however many there are, they go in with one statement.
    var eventTable: Query {
        let rows = JSON.array(
            events.map { event in
                [
                    "number": .integer(Int64(event.number)), "at": .string(event.at.column),
                    "payload": event.payload, "digest": .string(event.digest.column),
                ]
            }
        )
        return """
            json_to_recordset(\(rows)::json)
                AS event (number integer, at timestamptz, payload json, digest bytea)
            """
    }
}
