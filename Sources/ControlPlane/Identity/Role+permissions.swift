package import Base

extension Role {
    /// The whole table of who may do what; a permission that is added must be placed in every row.
    package func allows(_ permission: Permission) -> Bool {
        switch self {
        case .admin:
            true
        case .operator:
            switch permission {
            case .read, .start, .stop, .engage: true
            case .disengage, .edit, .poll, .acknowledge, .report, .manageKeys, .manageAccounts, .audit: false
            }
        case .editor:
            switch permission {
            case .read, .edit: true
            case .start, .stop, .engage, .disengage, .poll, .acknowledge, .report, .manageKeys,
                .manageAccounts, .audit:
                false
            }
        case .viewer:
            switch permission {
            case .read: true
            case .start, .stop, .engage, .disengage, .edit, .poll, .acknowledge, .report, .manageKeys,
                .manageAccounts, .audit:
                false
            }
        case .agent:
            switch permission {
            case .poll, .acknowledge, .report: true
            case .read, .start, .stop, .engage, .disengage, .edit, .manageKeys, .manageAccounts, .audit: false
            }
        }
    }
}
