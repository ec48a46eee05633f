import Base
import Experiments
import HTTPServer

/// `/actions` and `/targetResourceTypes`: what experiments can do, and to what.
struct CatalogueRoutes: Sendable {
    let region: String
    var catalogue = Catalogue.standard

    var all: [Route] {
        [
            Route(.get, "/actions", "ListActions", .holder(of: .read), .task(actionList)),
            Route(.get, "/actions/{actionId}", "GetAction", .holder(of: .read), .task(actionRead)),
            Route(
                .get,
                "/targetResourceTypes",
                "ListTargetResourceTypes",
                .holder(of: .read),
                .task(typeList)
            ),
            Route(
                .get,
                "/targetResourceTypes/{resourceType}",
                "GetTargetResourceType",
                .holder(of: .read),
                .task(typeRead)
            ),
        ]
    }

    private func actionList(_ call: Call) async throws(APIError) -> Reply {
        let account = try call.caller().account
        let page = try Page(call, of: "ListActions")
        let last = try page.after { $0 } ?? ""
        let actions = catalogue.actions.filter { $0.id > last }
        return page.reply("actions", actions, cursor: \.id) { .object(summary($0, account)) }
    }

    private func actionRead(_ call: Call) async throws(APIError) -> Reply {
        let account = try call.caller().account
        let id = call.request.capture(0) ?? ""
        guard let action = catalogue.action(id) else {
            throw .notFound("Invalid actionId: \"\(EchoedText(id))\" is no action that ListActions names.")
        }
        var members = summary(action, account)
        members.insert(JSON.Member("parameters", Self.json(action.parameters)), at: 3)
        return Reply(["action": .object(members)])
    }

    private func typeList(_ call: Call) async throws(APIError) -> Reply {
        let page = try Page(call, of: "ListTargetResourceTypes")
        let last = try page.after { $0 } ?? ""
        let types = catalogue.resourceTypes.filter { $0.id > last }
        return page.reply("targetResourceTypes", types, cursor: \.id) { .object(Self.summary($0)) }
    }

    private func typeRead(_ call: Call) async throws(APIError) -> Reply {
        let id = call.request.capture(0) ?? ""
        guard let type = catalogue.resourceType(id) else {
            throw .notFound(
                "Invalid resourceType: \"\(EchoedText(id))\" is no type that ListTargetResourceTypes names."
            )
        }
        let parameters = JSON.Member("parameters", Self.json(type.parameters))
        return Reply(["targetResourceType": .object(Self.summary(type) + [parameters])])
    }
}

extension CatalogueRoutes {
    /// Id, name and description first, then the slot, where the action has one.
    private func summary(_ action: CatalogueAction, _ account: AccountID) -> [JSON.Member] {
        let arn = ARN(fis: "action/\(action.id)", region: region, account: account)
        var members: [JSON.Member] = [
            .init("id", .string(action.id)),
            .init("arn", .string(arn.description)),
            .init("description", .string(action.description)),
        ]
        if let slot = action.slot {
            let type: JSON = ["resourceType": .string(slot.resourceType)]
            members.append(.init("targets", .object([.init(slot.name, type)])))
        }
        members.append(.init("tags", [:]))
        return members
    }

    private static func summary(_ type: CatalogueResourceType) -> [JSON.Member] {
        [.init("resourceType", .string(type.id)), .init("description", .string(type.description))]
    }

    private static func json(_ parameters: [CatalogueParameter]) -> JSON {
        .object(
            parameters.map { parameter in
                .init(
                    parameter.name,
                    [
                        "description": .string(parameter.fullDescription),
                        "required": .bool(parameter.isRequired),
                    ]
                )
            }
        )
    }
}

extension CatalogueParameter {
    /// What it is, what is accepted and what holds without it, since FIS's shape has no other place for these.
    var fullDescription: String {
        let held = defaultValue.map { "; without it, \($0) holds" } ?? ""
        let origin = isExtension ? " FIS has no such parameter." : ""
        return "\(description) Accepted: \(kind.accepted)\(held).\(origin)"
    }
}
