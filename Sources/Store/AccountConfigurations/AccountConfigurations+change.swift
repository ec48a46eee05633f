package import Base

extension Transaction {
    /// Changes the role or the description of a configuration; what is nil stays as it is.
    package func accountConfigurationUpdate(
        _ context: OperationContext,
        template: String,
        accountID: String,
        roleARN: String?,
        description: String?,
        at now: Timestamp
    ) throws(StoreError) -> AccountConfiguration {
        let configuration = try first(
            """
            UPDATE target_account_configurations AS configuration
            SET role_arn = coalesce(\(roleARN), role_arn), description = coalesce(\(description), description)
            FROM experiment_templates
            WHERE experiment_templates.id = template AND account = \(context.account)
                AND template = \(template) AND account_id = \(accountID)
            RETURNING \(AccountConfiguration.columns)
            """
        ) { row throws(StoreError) in try AccountConfiguration(&row) }
        guard let configuration else {
            throw try accountConfigurationMissing(context, template, accountID)
        }
        try accountConfigurationAudit(context, "updated", template, configuration, at: now)
        return configuration
    }

    /// Takes a configuration away from its template.
    @discardableResult
    package func accountConfigurationDelete(
        _ context: OperationContext,
        template: String,
        accountID: String,
        at now: Timestamp
    ) throws(StoreError) -> AccountConfiguration {
        let configuration = try first(
            """
            DELETE FROM target_account_configurations AS configuration
            USING experiment_templates
            WHERE experiment_templates.id = template AND account = \(context.account)
                AND template = \(template) AND account_id = \(accountID)
            RETURNING \(AccountConfiguration.columns)
            """
        ) { row throws(StoreError) in try AccountConfiguration(&row) }
        guard let configuration else {
            throw try accountConfigurationMissing(context, template, accountID)
        }
        try accountConfigurationAudit(context, "deleted", template, configuration, at: now)
        return configuration
    }
}
