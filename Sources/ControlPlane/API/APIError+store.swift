import Store

extension APIError {
    /// What a caller is told when the database says no.
    init(_ error: StoreError) {
        switch error {
        case .refused(let refusal): self.init(refusal)
        case .server(let server) where server.state.description.hasPrefix("53"):
            let isDisk = server.state.description == "53100"
            self.init(
                .unavailable,
                isDisk ? "The database's disk is full." : "The database is short of memory or connections.",
                detail: Detail(error),
                retryAfter: Int.random(in: 5...10)
            )
        case .cancelled:
            self.init(.unavailable, "The request was given up.", retryAfter: 1)
        case .unavailable, .connectionLost, .outcomeUnknown, .queueFull, .waitedTooLong, .closed, .server,
            .unexpectedRow, .misuse, .schema, .cluster, .address, .system:
            let sentence = Self.sentence(error.description)
            if error.isTemporary {
                self.init(.unavailable, sentence, detail: Detail(error), retryAfter: Int.random(in: 1...3))
            } else {
                self.init(.internalFailure, sentence, detail: Detail(error))
            }
        }
    }

    private init(_ refusal: Refusal) {
        let sentence = Self.sentence(refusal.description)
        switch refusal {
        case .accountExists, .accountNameTaken, .leaseInUse, .overlapInUse, .leverEngaging,
            .masterKeyMismatch,
            .otherFirstAccount:
            self.init(.conflict, sentence)
        case .accountUnknown, .keyUnknown: self.init(.notFound, sentence)
        case .keyPatternMismatch, .nameInvalid, .textHasNUL: self.init(.validation, sentence)
        case .targetUnknown, .templateUnknown, .accountConfigurationUnknown, .bindingUnknown, .alarmUnknown:
            self.init(.notFound, sentence)
        case .clientTokenReused, .accountConfigurationExists: self.init(.conflict, sentence)
        case .templateQuota, .accountConfigurationQuota, .bindingQuota, .alarmQuota:
            self.init(.quotaExceeded, sentence)
        }
    }

    private static func sentence(_ words: String) -> String {
        words.prefix(1).uppercased() + words.dropFirst() + "."
    }
}
