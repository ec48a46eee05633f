package import Base

extension TargetPattern {
    /// The pattern as ARNs are matched: a bare function name means the account's own function of that name.
    ///
    /// Nil where the ARN would be longer than a pattern may be.
    package func expanded(region: String, account: AccountID) -> TargetPattern? {
        if description.contains(":") || description == "*" { return self }
        return TargetPattern("arn:aws:lambda:\(region):\(account):function:\(description)")
    }
}
