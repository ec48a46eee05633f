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
    /// Pairs of a qualifier, or null, and a fault.
    package let faults: JSON
}

/// What may have changed since a mark, all of one moment.
package struct DocumentChanges: Equatable, Sendable {
    package let lever: LeverState
    package let documents: [ChangedDocument]
    /// Where to go on.
    package let mark: DocumentMark

    package init(lever: LeverState, documents: [ChangedDocument], mark: DocumentMark) {
        self.lever = lever
        self.documents = documents
        self.mark = mark
    }
}

extension Transaction {
    /// Reads the lever, and every document that was changed since `mark`.
    ///
    /// What a transaction changes that is still under way is not seen yet. The mark stays before it until it has ended, so it is never
    /// missed; while it goes on, what came after it is read again each time.
    package func documentChanges(since mark: DocumentMark) throws(StoreError) -> DocumentChanges {
        let rows = try all(
            """
            SELECT pg_snapshot_xmin(pg_current_snapshot())::text, safety_lever.status, safety_lever.epoch,
                   document.account, document.target, document.change, document.epoch, document.faults
            FROM safety_lever
            LEFT JOIN fault_documents AS document ON document.written_by >= \(mark.transaction)::text::xid8
            """
        ) { row throws(StoreError) in
            let mark = DocumentMark(transaction: try row.next())
            let lever = LeverState(status: try row.next(), epoch: try row.next())
            return (mark, lever, try ChangedDocument(&row))
        }
        guard let (mark, lever, _) = rows.first else { throw .unexpectedRow("there is no lever") }
        return DocumentChanges(lever: lever, documents: rows.compactMap(\.2), mark: mark)
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
