package import Base

/// What is published for one target, with the lever that decides whether it is served.
package struct PublishedDocument: Equatable, Sendable {
    package let lever: Lever
    /// Of the engagements that were asked for, those that are recorded; true where they are over.
    package let engagements: [String: Bool]
    /// How often anything was published or cleared for the target; 0 where nothing ever was.
    package let change: Int64
    /// The epoch of the faults in it.
    package let epoch: Int64
    /// Pairs of a qualifier, or null, and a fault.
    package let faults: JSON
    /// For how long guarded faults may be served.
    package let guards: GuardTerms

    package init(
        lever: Lever,
        engagements: [String: Bool] = [:],
        change: Int64,
        epoch: Int64,
        faults: JSON,
        guards: GuardTerms = GuardTerms()
    ) {
        self.lever = lever
        self.engagements = engagements
        self.change = change
        self.epoch = epoch
        self.faults = faults
        self.guards = guards
    }
}

extension Transaction {
    package func faultDocumentRead(
        _ context: OperationContext,
        target: String,
        engagements asked: [String] = []
    ) throws(StoreError) -> PublishedDocument {
        try one(
            """
            SELECT \(Lever.columns), \(LeverEngagement.known(of: asked)), coalesce(document.change, 0), coalesce(document.epoch, 0),
                   coalesce(document.faults, '[]'), \(GuardTerms.column)
            FROM safety_lever
            LEFT JOIN fault_documents AS document
                ON document.account = \(context.account) AND document.target = \(target)
            """
        ) { row throws(StoreError) in
            PublishedDocument(
                lever: try Lever(&row),
                engagements: LeverEngagement.known(in: try row.next()),
                change: try row.next(),
                epoch: try row.next(),
                faults: try row.next(),
                guards: GuardTerms(column: try row.next())
            )
        }
    }
}
