import Base
import Experiments
import HTTPServer
import Store

/// `/experimentTemplates/{templateId}/targetAccountConfigurations`: a template's roles in other accounts.
struct AccountConfigurationRoutes: Sendable {
    let configurations: AccountConfigurations

    private static let path: StaticString =
        "/experimentTemplates/{templateId}/targetAccountConfigurations/{accountId}"
    private static let role = "an ARN of 20 to 2048 characters is accepted"
    private static let description = "a text of at most 512 characters is accepted"

    var all: [Route] {
        [
            Route(
                .post,
                Self.path,
                "CreateTargetAccountConfiguration",
                .holder(of: .edit),
                .task(accountConfigurationCreate)
            ),
            Route(
                .get,
                Self.path,
                "GetTargetAccountConfiguration",
                .holder(of: .read),
                .task(accountConfigurationRead)
            ),
            Route(
                .patch,
                Self.path,
                "UpdateTargetAccountConfiguration",
                .holder(of: .edit),
                .task(accountConfigurationUpdate)
            ),
            Route(
                .delete,
                Self.path,
                "DeleteTargetAccountConfiguration",
                .holder(of: .edit),
                .task(accountConfigurationDelete)
            ),
            Route(
                .get,
                "/experimentTemplates/{templateId}/targetAccountConfigurations",
                "ListTargetAccountConfigurations",
                .holder(of: .read),
                .task(accountConfigurationList)
            ),
        ]
    }

    private func accountConfigurationCreate(_ call: Call) async throws(APIError) -> Reply {
        let place = try Self.place(call)
        var body = try BodyReader(call)
        if !(12...48).contains(place.accountID.unicodeScalars.count)
            || place.accountID.contains(where: \.isWhitespace)
        {
            let accepted = "an account of 12 to 48 characters without spaces is accepted"
            body.refuse("accountId is \"\(EchoedText(place.accountID))\": \(accepted)")
        }
        let token = body.clientToken(isRequired: false)
        let role = body.required("roleArn", accepted: Self.role, Self.role)
        let description = body.optional("description", accepted: Self.description, Self.description)
        try body.finish()
        guard let role else { throw .validation("roleArn is missing.") }
        let made = try await configurations.accountConfigurationCreate(
            try call.context(),
            place,
            roleARN: role,
            description: description,
            clientToken: token
        )
        return Self.reply(made)
    }

    private func accountConfigurationRead(_ call: Call) async throws(APIError) -> Reply {
        let (context, place) = (try call.context(), try Self.place(call))
        return Self.reply(try await configurations.accountConfigurationRead(context, place))
    }

    private func accountConfigurationUpdate(_ call: Call) async throws(APIError) -> Reply {
        let (context, place) = (try call.context(), try Self.place(call))
        var body = try BodyReader(call, isOptional: true)
        let content = AccountConfigurations.Content(
            roleARN: body.optional("roleArn", accepted: Self.role, Self.role),
            description: body.optional("description", accepted: Self.description, Self.description)
        )
        try body.finish()
        return Self.reply(try await configurations.accountConfigurationUpdate(context, place, content))
    }

    private func accountConfigurationDelete(_ call: Call) async throws(APIError) -> Reply {
        let (context, place) = (try call.context(), try Self.place(call))
        return Self.reply(try await configurations.accountConfigurationDelete(context, place))
    }

    private func accountConfigurationList(_ call: Call) async throws(APIError) -> Reply {
        let (context, template) = (try call.context(), try call.templateID())
        let page = try Page(call, of: "ListTargetAccountConfigurations")
        let found = try await configurations.accountConfigurationList(
            context,
            of: template,
            after: try page.after { $0 },
            limit: page.fetched
        )
        return page.reply("targetAccountConfigurations", found, cursor: \.accountID, Self.json)
    }
}

extension AccountConfigurationRoutes {
    private static func place(_ call: Call) throws(APIError) -> AccountConfigurations.Place {
        .init(template: try call.templateID(), accountID: call.request.capture(1) ?? "")
    }

    private static func role(_ text: String) -> String? {
        (20...2_048).contains(text.unicodeScalars.count) && ARN(text) != nil ? text : nil
    }

    private static func description(_ text: String) -> String? {
        text.unicodeScalars.count <= 512 && !text.hasNUL ? text : nil
    }

    private static func reply(_ configuration: AccountConfiguration) -> Reply {
        Reply(["targetAccountConfiguration": json(configuration)])
    }

    private static func json(_ configuration: AccountConfiguration) -> JSON {
        var members: [JSON.Member] = [
            .init("accountId", .string(configuration.accountID)),
            .init("roleArn", .string(configuration.roleARN)),
        ]
        if let description = configuration.description {
            members.append(.init("description", .string(description)))
        }
        return .object(members)
    }
}
