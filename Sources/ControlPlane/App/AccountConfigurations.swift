import Base
import Experiments
import Store

/// What can be done with the roles that a template takes in other accounts.
struct AccountConfigurations: Sendable {
    let templates: Templates

    /// What is said about one: nil is not said.
    struct Content: Sendable {
        var roleARN: String?
        var description: String?

        fileprivate func meaning(of accountID: String) -> JSON {
            [
                "accountId": .string(accountID), "roleArn": roleARN.map { .string($0) } ?? .null,
                "description": description.map { .string($0) } ?? .null,
            ]
        }
    }

    /// Which one: its template and the other account.
    struct Place: Sendable {
        let template: TemplateID
        let accountID: String
    }

    private var database: DatabaseDoor { templates.database }

    func accountConfigurationCreate(
        _ context: OperationContext,
        _ place: Place,
        roleARN: String,
        description: String?,
        clientToken: String?
    ) async throws(APIError) -> AccountConfiguration {
        try await requireSeveralAccounts(context, place.template)
        let meaning = Content(roleARN: roleARN, description: description).meaning(of: place.accountID)
        let now = templates.clock.wall()
        return try await database.transaction { transaction throws(StoreError) in
            try transaction.accountConfigurationCreate(
                context,
                template: place.template.description,
                accountID: place.accountID,
                roleARN: roleARN,
                description: description,
                clientToken: clientToken,
                requestDigest: RequestDigest.of("CreateTargetAccountConfiguration", meaning),
                quota: templates.quotas.accountConfigurations,
                at: now
            )
        }
    }

    /// How many accounts a template is for is decided when it is made, so what was read stays true.
    private func requireSeveralAccounts(
        _ context: OperationContext,
        _ id: TemplateID
    ) async throws(APIError) {
        if try await templates.templateRead(context, id).isForSeveralAccounts { return }
        throw APIError(
            .conflict,
            "The experiment template \(id) has accountTargeting single-account: "
                + "one with multi-account, which only a new template can have, is accepted."
        )
    }

    func accountConfigurationRead(
        _ context: OperationContext,
        _ place: Place
    ) async throws(APIError) -> AccountConfiguration {
        try await database.transaction { transaction throws(StoreError) in
            try transaction.accountConfigurationRead(
                context,
                template: place.template.description,
                accountID: place.accountID
            )
        }
    }

    func accountConfigurationList(
        _ context: OperationContext,
        of template: TemplateID,
        after accountID: String?,
        limit: Int
    ) async throws(APIError) -> [AccountConfiguration] {
        try await database.transaction { transaction throws(StoreError) in
            try transaction.accountConfigurationList(
                context,
                template: template.description,
                after: accountID,
                limit: limit
            )
        }
    }

    func accountConfigurationUpdate(
        _ context: OperationContext,
        _ place: Place,
        _ content: Content
    ) async throws(APIError) -> AccountConfiguration {
        let now = templates.clock.wall()
        return try await database.transaction { transaction throws(StoreError) in
            try transaction.accountConfigurationUpdate(
                context,
                template: place.template.description,
                accountID: place.accountID,
                roleARN: content.roleARN,
                description: content.description,
                at: now
            )
        }
    }

    func accountConfigurationDelete(
        _ context: OperationContext,
        _ place: Place
    ) async throws(APIError) -> AccountConfiguration {
        let now = templates.clock.wall()
        return try await database.transaction { transaction throws(StoreError) in
            try transaction.accountConfigurationDelete(
                context,
                template: place.template.description,
                accountID: place.accountID,
                at: now
            )
        }
    }
}

extension StoredTemplate {
    var isForSeveralAccounts: Bool {
        content["experimentOptions"]?["accountTargeting"]?.text
            == ExperimentOptions.AccountTargeting.multiple.rawValue
    }
}
