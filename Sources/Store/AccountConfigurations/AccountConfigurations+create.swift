package import Base

extension Transaction {
    /// Names a template's role in another account, once for each client token.
    ///
    /// The template stays locked, so that the quota is exact and nobody deletes it meanwhile.
    package func accountConfigurationCreate(
        _ context: OperationContext,
        template: String,
        accountID: String,
        roleARN: String,
        description: String?,
        clientToken: String?,
        requestDigest: [UInt8],
        quota: Int,
        at now: Timestamp
    ) throws(StoreError) -> AccountConfiguration {
        let count = try templateLock(context, template)
        let earlier = try all(
            """
            SELECT client_token IS NOT DISTINCT FROM \(clientToken) AND client_token IS NOT NULL,
                   request_digest = \(requestDigest), \(AccountConfiguration.columns)
            FROM target_account_configurations AS configuration
            WHERE template = \(template) AND (account_id = \(accountID) OR client_token = \(clientToken))
            """
        ) { row throws(StoreError) in
            (
                hasToken: try row.next(Bool.self), isSame: try row.next(Bool.self),
                configuration: try AccountConfiguration(&row)
            )
        }
        if let repeated = earlier.first(where: \.hasToken) {
            guard repeated.isSame else { throw .refused(.clientTokenReused) }
            return repeated.configuration
        }
        guard earlier.isEmpty else {
            throw .refused(.accountConfigurationExists(template: template, accountID: accountID))
        }
        guard count < quota else { throw .refused(.accountConfigurationQuota(quota)) }
        let configuration = try one(
            """
            INSERT INTO target_account_configurations AS configuration
                (template, account_id, role_arn, description, client_token, request_digest, created_at)
            VALUES (\(template), \(accountID), \(roleARN), \(description), \(clientToken), \(requestDigest), \(now))
            RETURNING \(AccountConfiguration.columns)
            """
        ) { row throws(StoreError) in try AccountConfiguration(&row) }
        try accountConfigurationAudit(context, "created", template, configuration, at: now)
        return configuration
    }

    /// Keeps the template as it is until this transaction ends; says how many configurations it has.
    private func templateLock(_ context: OperationContext, _ id: String) throws(StoreError) -> Int {
        let locked = try first(
            """
            SELECT id FROM experiment_templates WHERE id = \(id) AND account = \(context.account) FOR UPDATE
            """
        ) { row throws(StoreError) in try row.next(String.self) }
        guard locked != nil else { throw .refused(.templateUnknown(id)) }
        return try one("SELECT count(*) FROM target_account_configurations WHERE template = \(id)") {
            row throws(StoreError) in try row.next()
        }
    }

    func accountConfigurationAudit(
        _ context: OperationContext,
        _ change: String,
        _ template: String,
        _ configuration: AccountConfiguration,
        at now: Timestamp
    ) throws(StoreError) {
        try auditAppend(
            context,
            action: "account-configuration.\(change)",
            subject: "\(template)/\(configuration.accountID)",
            details: ["roleArn": .string(configuration.roleARN)],
            at: now
        )
    }
}
