/// What a route needs its caller to be allowed.
package enum Permission: String, CaseIterable, Sendable {
    /// Look at anything of the account.
    case read
    /// Start experiments.
    case start
    /// Stop experiments, one or all of the account.
    case stop
    /// Engage the global lever.
    case engage
    /// Disengage the global lever.
    case disengage
    /// Write templates, and what they refer to: targets, alarms, tags.
    case edit
    /// Be told the faults of a target.
    case poll
    /// Confirm or reject a fault document.
    case acknowledge
    /// Report what faults did.
    case report
    /// Create, list and revoke the account's keys.
    case manageKeys
    /// Create and list accounts.
    case manageAccounts
    /// Read the record of who did what.
    case audit

    /// True for what touches every account, which only the deployment's admin may do.
    package var concernsEveryAccount: Bool {
        switch self {
        case .disengage, .manageAccounts: true
        case .read, .start, .stop, .engage, .edit, .poll, .acknowledge, .report, .manageKeys, .audit: false
        }
    }
}
