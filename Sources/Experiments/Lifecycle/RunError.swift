/// What went wrong with a run, in the form in which FIS shows it.
package struct RunError: Hashable, Sendable {
    package enum Code: String, CaseIterable, Sendable {
        case authorization = "AuthorizationFailure"
        case configuration = "ConfigurationFailure"
        case dependentService = "DependentServiceFailure"
        case internalFailure = "InternalFailure"
        case invalidTarget = "InvalidTarget"
        case quotaExceeded = "QuotaExceededFailure"
    }

    package var accountID: String?
    package var code: Code
    /// The action or target it concerns, or `experiment`.
    package var location: String

    package init(accountID: String? = nil, code: Code, location: String) {
        self.accountID = accountID
        self.code = code
        self.location = location
    }

    /// Where an error belongs that concerns no single action or target.
    package static let wholeExperiment = "experiment"
}
