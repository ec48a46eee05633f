extension Transaction {
    /// A template's configuration for another account.
    package func accountConfigurationRead(
        _ context: OperationContext,
        template: String,
        accountID: String
    ) throws(StoreError) -> AccountConfiguration {
        let configuration = try first(
            """
            SELECT \(AccountConfiguration.columns) FROM target_account_configurations AS configuration
            JOIN experiment_templates ON experiment_templates.id = configuration.template
            WHERE template = \(template) AND account_id = \(accountID) AND account = \(context.account)
            """
        ) { row throws(StoreError) in try AccountConfiguration(&row) }
        guard let configuration else {
            throw try accountConfigurationMissing(context, template, accountID)
        }
        return configuration
    }

    /// A template's configurations by account, a page at a time.
    package func accountConfigurationList(
        _ context: OperationContext,
        template: String,
        after accountID: String? = nil,
        limit: Int
    ) throws(StoreError) -> [AccountConfiguration] {
        _ = try templateRead(context, id: template)
        return try all(
            """
            SELECT \(AccountConfiguration.columns) FROM target_account_configurations AS configuration
            WHERE template = \(template) AND account_id > \(accountID ?? "")
            ORDER BY account_id
            LIMIT \(limit)
            """
        ) { row throws(StoreError) in try AccountConfiguration(&row) }
    }

    /// Which of the two is not there: the template or the configuration.
    func accountConfigurationMissing(
        _ context: OperationContext,
        _ template: String,
        _ accountID: String
    ) throws(StoreError) -> StoreError {
        _ = try templateRead(context, id: template)
        return .refused(.accountConfigurationUnknown(template: template, accountID: accountID))
    }
}
