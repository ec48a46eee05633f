package import Base

/// Up to where documents were read: every change by a transaction before it was visible then.
package struct DocumentMark: Comparable, Sendable {
    let transaction: Int64

    /// Before the first.
    package static let start = DocumentMark(transaction: 0)

    package static func < (left: DocumentMark, right: DocumentMark) -> Bool {
        left.transaction < right.transaction
    }
}

/// A target's document as it is now.
package struct ChangedDocument: Equatable, Sendable {
    package let account: AccountID
    package let target: String
    package let change: Int64
    package let epoch: Int64
    /// Pairs of a qualifier, or null, and a fault; a third element, true, where the fault is guarded.
    package let faults: JSON

    package init(account: AccountID, target: String, change: Int64, epoch: Int64, faults: JSON) {
        self.account = account
        self.target = target
        self.change = change
        self.epoch = epoch
        self.faults = faults
    }
}

/// What may have changed since a mark, all of one moment.
package struct DocumentChanges: Equatable, Sendable {
    package let lever: Lever
    /// Of the engagements that were asked for, those that are recorded; true where they are over.
    package let engagements: [String: Bool]
    package let documents: [ChangedDocument]
    /// For how long guarded faults may be served.
    package let guards: GuardTerms
    /// Where to go on.
    package let mark: DocumentMark
    /// Which database answered, and since when it has been running: another answer is another server, or another life of this one.
    package let server: DatabaseServer

    package init(
        lever: Lever,
        engagements: [String: Bool] = [:],
        documents: [ChangedDocument],
        guards: GuardTerms = GuardTerms(),
        mark: DocumentMark,
        server: DatabaseServer = DatabaseServer(system: "", startedAt: "")
    ) {
        self.lever = lever
        self.engagements = engagements
        self.documents = documents
        self.guards = guards
        self.mark = mark
        self.server = server
    }
}

/// A running PostgreSQL, as it can be told from another one.
package struct DatabaseServer: Equatable, Sendable {
    /// Of the cluster: its copies have the same.
    package let system: String
    package let startedAt: String

    package init(system: String, startedAt: String) {
        self.system = system
        self.startedAt = startedAt
    }

    static let columns: Query = """
        (SELECT system_identifier FROM pg_control_system())::text, pg_postmaster_start_time()::text
        """

    init(_ row: inout Row) throws(StoreError) {
        system = try row.next()
        startedAt = try row.next()
    }
}

extension Transaction {
    /// Reads the lever, what became of some of its engagements, and every document that was changed since `mark`.
    ///
    /// What a transaction changes that is still under way is not seen yet. The mark stays before it until it has ended, so it is never
    /// missed; while it goes on, what came after it is read again each time.
    package func documentChanges(
        since mark: DocumentMark,
        engagements asked: [String] = []
    ) throws(StoreError) -> DocumentChanges {
        let rows = try all(
            """
            SELECT pg_snapshot_xmin(pg_current_snapshot())::text, \(DatabaseServer.columns), \(Lever.columns),
                   \(LeverEngagement.known(of: asked)), CASE WHEN row_number() OVER () = 1 THEN \(GuardTerms.column) END,
                   document.account, document.target, document.change, document.epoch, document.faults
            FROM safety_lever
            LEFT JOIN fault_documents AS document ON document.written_by >= \(mark.transaction)::text::xid8
            """
        ) { row throws(StoreError) in
            let mark = DocumentMark(transaction: try row.next())
            let (server, lever) = (try DatabaseServer(&row), try Lever(&row))
            let (known, guards) = (try row.next(JSON.self), try row.nextIfAny(JSON.self))
            return (mark, server, lever, known, guards, try ChangedDocument(&row))
        }
        guard let (mark, server, lever, known, guards, _) = rows.first else {
            throw .unexpectedRow("there is no lever")
        }
        return DocumentChanges(
            lever: lever,
            engagements: LeverEngagement.known(in: known),
            documents: rows.compactMap(\.5),
            guards: GuardTerms(column: guards ?? [:]),
            mark: mark,
            server: server
        )
    }
}

extension ChangedDocument {
    /// Nil where nothing has changed.
    fileprivate init?(_ row: inout Row) throws(StoreError) {
        let (account, target) = (try row.nextIfAny(AccountID.self), try row.nextIfAny(String.self))
        let (change, epoch) = (try row.nextIfAny(Int64.self), try row.nextIfAny(Int64.self))
        let faults = try row.nextIfAny(JSON.self)
        guard let account, let target, let change, let epoch, let faults else { return nil }
        self.account = account
        self.target = target
        self.change = change
        self.epoch = epoch
        self.faults = faults
    }
}
