import Base
import Experiments
import HTTPServer
import Store

/// `/experimentTemplates`: the experiments that can be run.
struct TemplateRoutes: Sendable {
    let templates: Templates
    let warnings: DialectWarnings
    let check: ConditionCheck
    let region: String

    /// A template of as many actions as may be, with documents in their parameters, fits in here.
    private static let bodyLimit = 256 << 10

    var all: [Route] {
        [
            Route(
                .post,
                "/experimentTemplates",
                "CreateExperimentTemplate",
                .holder(of: .edit),
                bodyLimit: Self.bodyLimit,
                .task(templateCreate)
            ),
            Route(
                .get,
                "/experimentTemplates",
                "ListExperimentTemplates",
                .holder(of: .read),
                .task(templateList)
            ),
            Route(
                .get,
                "/experimentTemplates/{templateId}",
                "GetExperimentTemplate",
                .holder(of: .read),
                .task(templateRead)
            ),
            Route(
                .patch,
                "/experimentTemplates/{templateId}",
                "UpdateExperimentTemplate",
                .holder(of: .edit),
                bodyLimit: Self.bodyLimit,
                .task(templateUpdate)
            ),
            Route(
                .delete,
                "/experimentTemplates/{templateId}",
                "DeleteExperimentTemplate",
                .holder(of: .edit),
                .task(templateDelete)
            ),
        ]
    }

    private func templateCreate(_ call: Call) async throws(APIError) -> Reply {
        let context = try call.context()
        var body = try BodyReader(call)
        let token = body.clientToken(isRequired: true)
        var problems = body.problems.map { TemplateProblem(path: "clientToken", message: $0) }
        var template: ExperimentTemplate?
        do {
            template = try ExperimentTemplate.read(
                body.json,
                limits: templates.quotas.template,
                alsoKnown: ["clientToken"]
            )
        } catch {
            problems += error.problems
        }
        guard let template, let token else { throw APIError(TemplateProblems(problems)) }
        let stored = try await templates.templateCreate(context, template, clientToken: token)
        return await tried(stored, context)
    }

    private func templateList(_ call: Call) async throws(APIError) -> Reply {
        let context = try call.context()
        let page = try Page(call, of: "ListExperimentTemplates")
        let place = try page.after { ListPlace(cursor: $0) }
        let found = try await templates.templateList(context, after: place, limit: page.fetched)
        return page.reply("experimentTemplates", found, cursor: \.place.cursor) { summary($0, context) }
    }

    private func templateRead(_ call: Call) async throws(APIError) -> Reply {
        let context = try call.context()
        return checked(try await templates.templateRead(context, try call.templateID()), context)
    }

    private func templateUpdate(_ call: Call) async throws(APIError) -> Reply {
        let context = try call.context()
        let id = try call.templateID()
        let change = try BodyReader(call, isOptional: true).json
        let stored = try await templates.templateUpdate(context, id) { template throws(APIError) in
            do throws(TemplateProblems) {
                return try template.updated(by: change, limits: templates.quotas.template)
            } catch {
                throw APIError(error)
            }
        }
        return await tried(stored, context)
    }

    private func templateDelete(_ call: Call) async throws(APIError) -> Reply {
        let context = try call.context()
        return reply(try await templates.templateDelete(context, try call.templateID()), context)
    }
}

extension TemplateRoutes {
    /// With what its author should know before it runs.
    private func checked(_ stored: StoredTemplate, _ context: OperationContext) -> Reply {
        guard let template = try? Templates.template(stored) else {
            let unread = "This version of the server cannot read the template, and so cannot run it."
            return reply(stored, context, warnings: [unread])
        }
        return reply(stored, context, warnings: warnings.of(template, context.account))
    }

    /// The same with how its conditions stand at this moment, for who has just written them.
    private func tried(_ stored: StoredTemplate, _ context: OperationContext) async -> Reply {
        guard let template = try? Templates.template(stored) else { return checked(stored, context) }
        let standing = await check.warnings(of: template, context.account)
        return reply(stored, context, warnings: warnings.of(template, context.account) + standing)
    }

    private func reply(
        _ stored: StoredTemplate,
        _ context: OperationContext,
        warnings: [String] = []
    ) -> Reply {
        var members = heading(stored, context)
        members += stored.content.members ?? []
        members += Self.times(stored)
        if stored.isForSeveralAccounts {
            let count = Int64(stored.accountConfigurations)
            members.append(.init("targetAccountConfigurationsCount", .integer(count)))
        }
        return Reply(.withWarnings(warnings, "experimentTemplate", .object(members)))
    }

    private func summary(_ stored: StoredTemplate, _ context: OperationContext) -> JSON {
        var members = heading(stored, context)
        members.append(.init("description", stored.content["description"] ?? ""))
        members += Self.times(stored)
        members.append(.init("tags", stored.content["tags"] ?? [:]))
        return .object(members)
    }

    private func heading(_ stored: StoredTemplate, _ context: OperationContext) -> [JSON.Member] {
        let arn = ARN(fis: "experiment-template/\(stored.id)", region: region, account: context.account)
        return [.init("id", .string(stored.id)), .init("arn", .string(arn.description))]
    }

    private static func times(_ stored: StoredTemplate) -> [JSON.Member] {
        [.init("creationTime", stored.createdAt.json), .init("lastUpdateTime", stored.updatedAt.json)]
    }
}

extension Call {
    /// The template that the path names.
    ///
    /// What is no template's name names none.
    func templateID() throws(APIError) -> TemplateID {
        let text = request.capture(0) ?? ""
        guard let id = TemplateID(text) else {
            throw .unknownTemplate(text)
        }
        return id
    }
}

extension ListPlace {
    init?(cursor: String) {
        let parts = cursor.split(separator: " ", maxSplits: 1)
        guard parts.count == 2, let nanoseconds = Int64(parts[0]) else { return nil }
        self.init(createdAt: Timestamp(nanoseconds: nanoseconds), id: String(parts[1]))
    }

    var cursor: String { "\(createdAt.nanoseconds) \(id)" }
}
