import Base

extension Command {
    static let key = Command(
        name: "key",
        usage: "create --role ROLE --name NAME [--targets PATTERN] | list | revoke KEY_ID",
        summary: "Make, list and revoke keys.",
        flags: [
            .taking("role", "ROLE", "admin, operator, editor, viewer or agent"),
            .taking("name", "NAME", "who or what the key is for"),
            .taking("targets", "PATTERN", "what an agent's key may poll, such as checkout-*"),
            .taking("account", "12 DIGITS", "another account than the caller's; for the deployment's admin"),
        ] + Plane.flags,
        run: { arguments in try KeyRun(arguments).run() }
    )
}

/// One `faultplane key ...`.
private struct KeyRun {
    let arguments: Arguments
    let plane: Plane

    init(_ arguments: Arguments) throws {
        self.arguments = arguments
        plane = try Plane(arguments)
    }

    func run() throws {
        switch arguments.positional.first {
        case "create": try create()
        case "list": try list()
        case "revoke": try revoke()
        case let other:
            throw UsageError("key needs create, list or revoke\(other.map { ", not \"\($0)\"" } ?? "")")
        }
    }

    private func create() throws {
        try arguments.requireNoMore(than: 1)
        guard let role = arguments["role"] else { throw UsageError("key create needs --role") }
        guard let name = arguments["name"] else { throw UsageError("key create needs --name") }
        var members: [JSON.Member] = [.init("role", .string(role)), .init("name", .string(name))]
        if let targets = arguments["targets"] { members.append(.init("targetPattern", .string(targets))) }
        if let account = try account { members.append(.init("account", .string(account.description))) }
        let answer = try plane.ask("POST", "/v1/keys", .object(members))
        if arguments.isSet("json") { return Output.json(answer) }
        let bearer = answer["bearer"]?.text ?? ""
        let path = role == "agent" ? "\nPath for clients that cannot sign with it: /t/\(bearer)" : ""
        print(
            """
            aws_access_key_id = \(answer["key"]?["id"]?.text ?? "")
            aws_secret_access_key = \(answer["secret"]?.text ?? "")
            Authorization: Bearer \(bearer)\(path)

            The secret is shown this once; nobody can read it back.
            """
        )
    }

    private func list() throws {
        try arguments.requireNoMore(than: 1)
        let answer = try plane.ask("GET", "/v1/keys\(try accountQuery)")
        if arguments.isSet("json") { return Output.json(answer) }
        let rows = (answer["keys"]?.elements ?? []).map { key in
            [
                key["id"]?.text ?? "", key["role"]?.text ?? "", key["name"]?.text ?? "",
                key["targetPattern"]?.text ?? "-", Output.time(key["createdAt"]),
                Output.time(key["revokedAt"]),
            ]
        }
        print(Table(["KEY", "ROLE", "NAME", "TARGETS", "CREATED", "REVOKED"], rows).text, terminator: "")
    }

    private func revoke() throws {
        guard arguments.positional.count == 2 else { throw UsageError("key revoke needs one KEY_ID") }
        guard let id = KeyID(arguments.positional[1]) else {
            throw UsageError(
                "\"\(arguments.positional[1])\" is no KEY_ID: FP and 18 characters of A-Z and 2-7 are"
            )
        }
        let answer = try plane.ask("DELETE", "/v1/keys/\(id)\(try accountQuery)")
        if arguments.isSet("json") { return Output.json(answer) }
        print("\(id) is revoked; every node refuses it within 2 s")
    }

    private var account: AccountID? {
        get throws { try arguments.reading("account", "12 digits are accepted") { AccountID($0) } }
    }

    private var accountQuery: String { get throws { try account.map { "?account=\($0)" } ?? "" } }
}
