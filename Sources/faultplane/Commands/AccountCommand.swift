import Base

extension Command {
    static let account = Command(
        name: "account",
        usage: "create ID --name NAME | list",
        summary: "Make and list accounts; for the deployment's admin.",
        flags: [.taking("name", "NAME", "the team's name")] + Plane.flags,
        run: { arguments in
            let plane = try Plane(arguments)
            switch arguments.positional.first {
            case "create":
                guard arguments.positional.count == 2, let name = arguments["name"] else {
                    throw UsageError("account create needs an ID of 12 digits and --name")
                }
                let id = arguments.positional[1]
                let answer = try plane.ask(
                    "POST",
                    "/v1/accounts",
                    ["id": .string(id), "name": .string(name)]
                )
                if arguments.isSet("json") { return Output.json(answer) }
                print("account \(id) (\(name)) created; its first key:")
                print("faultplane key create --account \(id) --role admin --name NAME")
            case "list":
                try arguments.requireNoMore(than: 1)
                let answer = try plane.ask("GET", "/v1/accounts")
                if arguments.isSet("json") { return Output.json(answer) }
                let rows = (answer["accounts"]?.elements ?? []).map { account in
                    [
                        account["id"]?.text ?? "", account["name"]?.text ?? "",
                        Output.time(account["createdAt"]),
                    ]
                }
                print(Table(["ACCOUNT", "NAME", "CREATED"], rows).text, terminator: "")
            case let other:
                throw UsageError("account needs create or list\(other.map { ", not \"\($0)\"" } ?? "")")
            }
        }
    )

    static let whoAmI = Command(
        name: "whoami",
        usage: "[flags]",
        summary: "Show as whom the server knows the caller.",
        flags: Plane.flags,
        run: { arguments in
            try arguments.requireNoMore()
            Output.json(try Plane(arguments).ask("GET", "/v1/whoami"))
        }
    )
}
