import Base
import HTTPServer
import Store

/// `/v1/whoami`, `/v1/keys` and `/v1/accounts`.
struct IdentityRoutes: Sendable {
    let identities: Identities

    var all: [Route] {
        [
            Route(.get, "/v1/whoami", "WhoAmI", .anyCaller, .immediate(whoAmI)),
            Route(.get, "/v1/keys", "ListKeys", .holder(of: .manageKeys), .task(keyList)),
            Route(.post, "/v1/keys", "CreateKey", .holder(of: .manageKeys), .task(keyCreate)),
            Route(.delete, "/v1/keys/{keyId}", "RevokeKey", .holder(of: .manageKeys), .task(keyRevoke)),
            Route(.get, "/v1/accounts", "ListAccounts", .holder(of: .manageAccounts), .task(accountList)),
            Route(.post, "/v1/accounts", "CreateAccount", .holder(of: .manageAccounts), .task(accountCreate)),
        ]
    }

    private func whoAmI(
        _ request: Request,
        _ exchange: inout Exchange,
        _ writer: inout ResponseWriter
    ) -> Outcome {
        var members: [JSON.Member] = []
        if let principal = exchange.caller?.principal {
            members = [
                .init("account", .string(principal.account.description)),
                .init("role", .string(principal.role.rawValue)),
                .init("keyId", principal.keyID.map { .string($0.description) } ?? .null),
            ]
            if let targets = principal.targets {
                members.append(.init("targetPattern", .string(targets.description)))
            }
        }
        writer.start(.ok)
        writer.header("Content-Type", "application/json")
        writer.finish(body: JSON.object(members).encoded)
        return .written
    }

    private func keyCreate(_ call: Call) async throws(APIError) -> Reply {
        var body = try BodyReader(call)
        let names = Role.allCases.map(\.rawValue).joined(separator: ", ")
        let role = body.required("role", accepted: "one of \(names) is accepted") { Role(rawValue: $0) }
        let name = body.name("name")
        let pattern = body.optional(
            "targetPattern",
            accepted: "function names or ARNs are accepted, with * for any characters"
        ) { TargetPattern($0) }
        let account = Self.account(&body)
        try body.finish()
        guard let role else { throw .validation("role is missing.") }
        let context = try self.context(call, account: account)
        let targets = pattern.flatMap { $0.expanded(region: identities.region, account: context.account) }
        let (key, secret) = try await identities.keyCreate(context, role: role, targets: targets, name: name)
        return Reply([
            "key": Self.json(key), "secret": .string(secret.revealed),
            "bearer": .string("\(key.id).\(secret.revealed)"),
        ])
    }

    private func keyList(_ call: Call) async throws(APIError) -> Reply {
        let keys = try await identities.keyList(try context(call, account: try Self.account(call)))
        return Reply(["keys": .array(keys.map(Self.json))])
    }

    private func keyRevoke(_ call: Call) async throws(APIError) -> Reply {
        let context = try context(call, account: try Self.account(call))
        let text = call.request.capture(0) ?? ""
        guard let id = KeyID(text) else { throw .notFound("There is no key \(text.prefix(100)).") }
        return Reply(["key": Self.json(try await identities.keyRevoke(context, id))])
    }

    private func accountCreate(_ call: Call) async throws(APIError) -> Reply {
        var body = try BodyReader(call)
        let id = body.required("id", accepted: "12 digits are accepted") { AccountID($0) }
        let name = body.name("name")
        try body.finish()
        guard let id else { throw .validation("id is missing.") }
        let account = try await identities.accountCreate(try call.context(), id: id, name: name)
        return Reply(["account": Self.json(account)])
    }

    private func accountList(_ call: Call) async throws(APIError) -> Reply {
        Reply(["accounts": .array(try await identities.accountList().map(Self.json))])
    }
}

extension IdentityRoutes {
    /// The deployment's admin may act for any account, or a new one would never get its first key.
    private func context(_ call: Call, account: AccountID?) throws(APIError) -> OperationContext {
        let principal = try call.caller()
        if let account, account != principal.account {
            do throws(AuthenticationFailure) {
                try principal.require(.manageAccounts, firstAccount: identities.firstAccount)
            } catch {
                // Another team's account is as unknown to a caller as one that does not exist.
                throw .notFound("There is no account \(account) that this key may manage.")
            }
        }
        return try call.context(account: account)
    }

    private static func account(_ body: inout BodyReader) -> AccountID? {
        body.optional("account", accepted: "12 digits are accepted") { AccountID($0) }
    }

    private static func account(_ call: Call) throws(APIError) -> AccountID? {
        guard let text = call.request.query("account") else { return nil }
        guard let account = AccountID(text) else {
            throw .validation("account is \"\(text.prefix(100))\": 12 digits are accepted.")
        }
        return account
    }

    private static func json(_ key: AccessKey) -> JSON {
        .object([
            .init("id", .string(key.id.description)),
            .init("account", .string(key.account.description)),
            .init("role", .string(key.role.rawValue)),
            .init("name", .string(key.name)),
            .init("targetPattern", key.targetPattern.map { .string($0) } ?? .null),
            .init("createdAt", key.createdAt.json),
            .init("createdBy", .string(key.createdBy)),
            .init("revokedAt", key.revokedAt.map(\.json) ?? .null),
        ])
    }

    private static func json(_ account: Account) -> JSON {
        [
            "id": .string(account.id.description), "name": .string(account.name),
            "createdAt": account.createdAt.json,
        ]
    }
}
