import Base
import Experiments
import HTTPServer
import Store

/// `/v1/bindings`: names of a team's own under which its functions read their faults.
struct BindingRoutes: Sendable {
    let bindings: Bindings
    let region: String

    var all: [Route] {
        [
            Route(.get, "/v1/bindings", "ListBindings", .holder(of: .read), .task(bindingList)),
            Route(.get, "/v1/bindings/{name}", "GetBinding", .holder(of: .read), .task(bindingRead)),
            Route(.put, "/v1/bindings/{name}", "PutBinding", .holder(of: .edit), .task(bindingPut)),
            Route(.delete, "/v1/bindings/{name}", "DeleteBinding", .holder(of: .edit), .task(bindingDelete)),
        ]
    }

    private func bindingPut(_ call: Call) async throws(APIError) -> Reply {
        let context = try call.context()
        let name = call.request.capture(0) ?? ""
        var body = try BodyReader(call)
        if !Self.isBindable(name) { body.refuse("name is \"\(EchoedText(name))\": \(Self.accepted)") }
        let accepted =
            "the name or the ARN of a Lambda function is accepted, without an alias or version, for which there is qualifier"
        let target = body.required("target", accepted: accepted) { text in
            ARN(target: text, region: region, account: context.account).flatMap {
                $0.isPlainFunction ? $0 : nil
            }
        }
        let dialect = body.required("dialect", accepted: "one of \(Dialect.names) is accepted") {
            Dialect(rawValue: $0)
        }
        let qualifier = body.optional("qualifier", accepted: PolledName.qualifier.accepted) {
            PolledName.qualifier.takes($0) ? $0 : nil
        }
        try body.finish()
        guard let target, let dialect else { throw .validation("The request is incomplete.") }
        let content = Bindings.Content(target: target, dialect: dialect, qualifier: qualifier)
        return Self.reply(try await bindings.bindingPut(context, name, content))
    }

    private func bindingRead(_ call: Call) async throws(APIError) -> Reply {
        Self.reply(try await bindings.bindingRead(try call.context(), try Self.name(call)))
    }

    private func bindingDelete(_ call: Call) async throws(APIError) -> Reply {
        Self.reply(try await bindings.bindingDelete(try call.context(), try Self.name(call)))
    }

    private func bindingList(_ call: Call) async throws(APIError) -> Reply {
        let page = try Page(call, of: "ListBindings")
        let found = try await bindings.bindingList(
            try call.context(),
            after: try page.after { $0 },
            limit: page.fetched
        )
        return page.reply("bindings", found, cursor: \.name, Self.json)
    }
}

extension BindingRoutes {
    private static let accepted =
        "1 to 1011 letters, digits and _ . - / that do not begin with \(ParameterName.prefix), where every function "
        + "has names already, are accepted"

    /// What SSM itself takes as the name of a parameter.
    private static func isBindable(_ name: String) -> Bool {
        (1...1_011).contains(name.utf8.count) && !name.hasPrefix(ParameterName.prefix)
            && name.utf8.allSatisfy { $0.isAlphanumeric || signs.contains($0) }
    }

    private static let signs = Array("_.-/".utf8)

    /// A name that cannot be bound is bound to nothing.
    private static func name(_ call: Call) throws(APIError) -> String {
        if let name = call.request.capture(0), isBindable(name) { return name }
        let sent = EchoedText(call.request.captureBytes(0) ?? [])
        throw .notFound("There is no binding \(sent) in this account.")
    }

    private static func reply(_ binding: ParameterBinding) -> Reply { Reply(["binding": json(binding)]) }

    private static func json(_ binding: ParameterBinding) -> JSON {
        [
            "name": .string(binding.name), "target": .string(binding.target),
            "dialect": .string(binding.dialect), "qualifier": binding.qualifier.map { .string($0) } ?? .null,
            "createdAt": binding.createdAt.json, "updatedAt": binding.updatedAt.json,
        ]
    }
}
