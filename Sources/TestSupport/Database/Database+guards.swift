import Store

extension Database {
    /// What tests make of guards behind the service's back.
    package enum GuardPretence: Sendable {
        /// The last look found a breach.
        case breached
        /// Nothing was kept of any look.
        case forgotten
        /// They are of a kind that a later version made.
        case unknown
    }

    package func guardsPretend(_ what: GuardPretence) async throws {
        let query: Query =
            switch what {
            case .breached:
                """
                UPDATE run_guards
                SET state = replace(state::text, '"verdict":"clear"', '"verdict":"breached"')::json, kept = round + 1
                """
            case .forgotten: "UPDATE run_guards SET state = '{}', kept = round + 1"
            case .unknown: "UPDATE run_guards SET name = 'later-kind'"
            }
        _ = try await statement { transaction throws(StoreError) in try transaction.execute(query) }
    }
}
