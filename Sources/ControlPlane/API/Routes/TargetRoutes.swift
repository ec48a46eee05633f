import Base
import Experiments
import HTTPServer
import Store

/// `/v1/targets`: what faults can be aimed at.
struct TargetRoutes: Sendable {
    let targets: Targets
    let region: String

    var all: [Route] {
        [
            Route(.get, "/v1/targets", "ListTargets", .holder(of: .read), .task(targetList)),
            Route(.get, "/v1/targets/{arn}", "GetTarget", .holder(of: .read), .task(targetRead)),
            Route(.put, "/v1/targets/{arn}", "PutTarget", .holder(of: .edit), .task(targetPut)),
            Route(.delete, "/v1/targets/{arn}", "DeleteTarget", .holder(of: .edit), .task(targetDelete)),
        ]
    }

    private func targetPut(_ call: Call) async throws(APIError) -> Reply {
        let context = try call.context()
        var body = try BodyReader(call)
        let arn = call.targetARN(region: region)
        let content = body.targetContent(arn)
        try body.finish()
        guard let arn, let content else { throw .validation("arn is missing.") }
        return Self.reply(try await targets.targetPut(context, arn, content))
    }

    private func targetRead(_ call: Call) async throws(APIError) -> Reply {
        let context = try call.context()
        return Self.reply(try await targets.targetRead(context, try knownARN(call, context)))
    }

    private func targetDelete(_ call: Call) async throws(APIError) -> Reply {
        let context = try call.context()
        return Self.reply(try await targets.targetDelete(context, try knownARN(call, context)))
    }

    private func targetList(_ call: Call) async throws(APIError) -> Reply {
        let context = try call.context()
        let page = try Page(call, of: "ListTargets")
        let found = try await targets.targetList(
            context,
            try Self.filter(call),
            after: try page.after { $0 },
            limit: page.fetched
        )
        return page.reply("targets", found, cursor: \.arn, Self.json)
    }
}

extension TargetRoutes {
    /// What is no ARN names no target.
    private func knownARN(_ call: Call, _ context: OperationContext) throws(APIError) -> ARN {
        if let arn = call.targetARN(region: region) { return arn }
        let text = EchoedText(call.request.capture(0) ?? "")
        throw .notFound("There is no target \(text) in this account.")
    }

    private static func filter(_ call: Call) throws(APIError) -> Targets.Filter {
        var filter = Targets.Filter()
        var problems: [String] = []
        for (name, value) in call.request.queryPairs {
            switch name {
            case "resourceType":
                let text = value ?? ""
                filter.resourceType = text
                if Catalogue.standard.resourceType(text) == nil {
                    problems.append("resourceType is \"\(EchoedText(text))\": \(BodyReader.knownType)")
                }
            case "tag":
                let parts = (value ?? "").split(
                    separator: "=",
                    maxSplits: 1,
                    omittingEmptySubsequences: false
                )
                if let key = parts.first, !key.isEmpty, parts.count == 2, let wanted = parts.last {
                    filter.tags.append(Tag(String(key), String(wanted)))
                } else {
                    problems.append("tag is \"\(EchoedText(value ?? ""))\": key=value is accepted")
                }
            default: break
            }
        }
        if problems.isEmpty { return filter }
        throw .validation(problems.joined(separator: "; ") + ".")
    }

    private static func reply(_ target: RegisteredTarget) -> Reply { Reply(["target": json(target)]) }

    private static func json(_ target: RegisteredTarget) -> JSON {
        [
            "arn": .string(target.arn), "resourceType": .string(target.resourceType),
            "tags": target.tags, "attributes": target.attributes,
            "createdAt": target.createdAt.json, "updatedAt": target.updatedAt.json,
            "seenAt": target.seenAt.map(\.json) ?? .null,
        ]
    }
}
