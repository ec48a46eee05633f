package import Base

/// A change that the rules of the deployment do not allow, in words for whoever asked for it.
package enum Refusal: Equatable, Sendable, CustomStringConvertible {
    case accountExists(AccountID)
    case accountNameTaken(String)
    case accountUnknown(AccountID)
    case keyUnknown(KeyID)
    case keyPatternMismatch
    case masterKeyMismatch
    case otherFirstAccount(recorded: AccountID, asked: AccountID)
    case leaseInUse(recorded: Duration, asked: Duration)
    case overlapInUse(recorded: String, asked: String)
    case leverEngaging
    case nameInvalid(String)
    case textHasNUL
    case targetUnknown(String)
    case templateUnknown(String)
    case templateQuota(Int)
    case clientTokenReused
    case accountConfigurationUnknown(template: String, accountID: String)
    case accountConfigurationExists(template: String, accountID: String)
    case accountConfigurationQuota(Int)
    case bindingUnknown(String)
    case bindingQuota(Int)
    case alarmUnknown(String)
    case alarmQuota(Int)

    package var description: String {
        switch self {
        case .accountExists(let id): "account \(id) exists already"
        case .accountNameTaken(let name): "another account is named \"\(name)\""
        case .accountUnknown(let id): "there is no account \(id)"
        case .keyUnknown(let id): "there is no key \(id) in this account"
        case .keyPatternMismatch: "a key of role agent needs a target pattern, and no other key may have one"
        case .masterKeyMismatch:
            "the master key is not the one this database was set up with; "
                + "give this node the file that the other nodes use (--master-key)"
        case .otherFirstAccount(let recorded, let asked):
            "the database was set up with first account \(recorded), not \(asked); start with --account \(recorded)"
        case .leaseInUse(let recorded, let asked):
            "the deployment's lease is \(recorded.inSeconds) s and nodes are running with it; "
                + "stop them all before starting with \(asked.inSeconds) s"
        case .overlapInUse(let recorded, let asked):
            "the deployment's overlap policy is \(recorded) and other nodes are running with it; "
                + "stop them all before starting with \(asked)"
        case .leverEngaging:
            "the lever is being engaged and what it stops has not all stopped; try again in a moment"
        case .nameInvalid(let name): "\"\(name)\" is no name: 1 to 128 characters are"
        case .textHasNUL: "a text contains the character U+0000, which cannot be stored"
        case .targetUnknown(let arn): "there is no target \(arn) in this account"
        case .templateUnknown(let id): "there is no experiment template \(id) in this account"
        case .templateQuota(let quota):
            "the account has \(quota) experiment templates, which is as many as it may have: delete some"
        case .clientTokenReused: "the clientToken was used before with another request: a new one is accepted"
        case .accountConfigurationUnknown(let template, let accountID):
            "the experiment template \(template) has no configuration for account \(accountID)"
        case .accountConfigurationExists(let template, let accountID):
            "the experiment template \(template) has a configuration for account \(accountID) already"
        case .accountConfigurationQuota(let quota):
            "the experiment template has \(quota) account configurations, which is as many as it may have: delete some"
        case .bindingUnknown(let name): "there is no binding \(EchoedText(name)) in this account"
        case .bindingQuota(let quota):
            "the account has \(quota) bindings, which is as many as it may have: delete some"
        case .alarmUnknown(let name): "there is no alarm \(EchoedText(name)) in this account"
        case .alarmQuota(let quota):
            "the account has \(quota) alarms, which is as many as it may have: delete some"
        }
    }
}
