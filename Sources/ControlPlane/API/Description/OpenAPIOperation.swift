import Base
import HTTPServer

/// One operation of the document: what the route says of itself and what is said of it.
struct OpenAPIOperation {
    private let route: Route
    private let description: RouteDescription

    init(_ route: Route, _ description: RouteDescription) {
        self.route = route
        self.description = description
    }

    var json: JSON {
        var members: [JSON.Member] = [
            .init("operationId", .string(description.name)),
            .init("summary", .string(description.summary)),
            .init("description", .string(whoMay)),
            .init("tags", [.string(description.tag.rawValue)]),
        ]
        if route.access == .anybody { members.append(.init("security", [])) }
        let parameters = Self.pathParameters(route) + description.parameters.map(\.json)
        if !parameters.isEmpty { members.append(.init("parameters", .array(parameters))) }
        if let body = description.body { members.append(.init("requestBody", body.json)) }
        let answers = description.answers.map { JSON.Member(String($0.status.code), $0.json) }
        let errors = ErrorAnswer.all.filter { statuses.contains($0.status) }
            .map { JSON.Member(String($0.status.code), $0.reference) }
        members.append(.init("responses", .object(answers + errors)))
        return .object(members)
    }

    private var whoMay: String {
        switch route.access {
        case .anybody: "For anybody."
        case .anyCaller: "For every key."
        case .holder(of: let permission) where permission.concernsEveryAccount:
            "For admins of the deployment's first account."
        case .holder(of: let permission):
            "For keys of these roles: "
                + Role.allCases.filter { $0.allows(permission) }.map(\.rawValue).joined(separator: ", ") + "."
        }
    }

    /// The errors that it may be refused with; what only bytes that are no HTTP get is said once for all.
    private var statuses: Set<Status> {
        var statuses: Set<Status> = [.badRequest]
        if route.access != .anybody {
            statuses.insert(.forbidden)
            if route.pace != .unlimited { statuses.insert(.tooManyRequests) }
        }
        if description.body != nil { statuses.insert(.contentTooLarge) }
        if !Self.pathParameters(route).isEmpty || !description.parameters.isEmpty {
            statuses.insert(.uriTooLong)
        }
        if description.parameters.contains(where: { $0.place == .header }) {
            statuses.insert(.headersTooLarge)
        }
        if case .task = route.handler, description.needsDatabase {
            statuses.formUnion([.internalError, .unavailable])
        }
        if case .parking = route.handler { statuses.insert(.internalError) }
        return statuses.union(description.errors.map(\.status)).subtracting(description.answers.map(\.status))
    }

    private static func pathParameters(_ route: Route) -> [JSON] {
        "\(route.path)".split(separator: "/").filter { $0.hasPrefix("{") }.map { part in
            let name = String(part.dropFirst().dropLast())
            return [
                "name": .string(name), "in": "path", "required": true,
                "schema": (PathParameter.all[name] ?? .text).json,
            ]
        }
    }
}

extension RouteDescription.Parameter {
    fileprivate var json: JSON {
        [
            "name": .string(name), "in": .string(place.rawValue), "required": .bool(isRequired),
            "description": .string(text), "schema": schema.json,
        ]
    }
}

extension RouteDescription.Body {
    fileprivate var json: JSON {
        ["required": .bool(isRequired), "content": ["application/json": ["schema": schema.json]]]
    }
}

extension RouteDescription.Answer {
    fileprivate var json: JSON {
        var members: [JSON.Member] = [
            .init("description", .string(text)),
            .init("headers", ResponseHeader.references(["x-amzn-RequestId"] + headers)),
        ]
        if !contents.isEmpty {
            let contents = contents.map { JSON.Member($0.type, ["schema": $0.schema.json]) }
            members.append(.init("content", .object(contents)))
        }
        return .object(members)
    }
}
