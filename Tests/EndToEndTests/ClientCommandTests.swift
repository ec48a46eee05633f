import Base
import TestSupport
import Testing

/// The commands that ask a running server, over its socket and over the network.
@Suite(.timeLimit(.minutes(5))) struct ClientCommandTests {
    private func line(_ run: Program.Run, _ start: String) -> String {
        run.output.split(separator: "\n").first { $0.hasPrefix(start) }.map {
            String($0.dropFirst(start.count))
        } ?? ""
    }

    @Test func `keys are made, listed, used and revoked`() async throws {
        try await withServerOnTestDatabase { server, place in
            let socket = ["--data-dir", place.path]
            let url = ["--url", "http://" + (try server.address())] + socket
            for way in [socket, url] {
                let made = try Program.run(
                    ["key", "create", "--role", "viewer", "--name", "a team's own"] + way
                )
                #expect(made.code == 0, "\(made)")
                let id = line(made, "aws_access_key_id = ")
                let token = line(made, "Authorization: Bearer ")
                #expect(token == "\(id).\(line(made, "aws_secret_access_key = "))")
                #expect(made.output.hasSuffix("The secret is shown this once; nobody can read it back.\n"))
                #expect(try server.get("/v1/whoami", as: token).json?["role"]?.text == "viewer")

                let listed = try Program.run(["key", "list"] + way)
                let row = listed.output.split(separator: "\n").first { $0.hasPrefix(id) } ?? ""
                #expect(listed.output.hasPrefix("KEY                   ROLE "))
                #expect(row.hasPrefix("\(id)  viewer  a team's own") && row.hasSuffix("Z  -"), "\(listed)")

                let revoked = try Program.run(["key", "revoke", id] + way)
                let told = "\(id) is revoked; every node refuses it within 2 s\n"
                #expect(revoked == .init(code: 0, output: told))
                #expect(try server.get("/v1/whoami", as: token).status == 403)
            }
        }
    }

    @Test func `accounts are made and listed, and get their first key`() async throws {
        try await withServerOnTestDatabase { server, place in
            let way = ["--data-dir", place.path]
            let made = try Program.run(["account", "create", "222222222222", "--name", "team two"] + way)
            #expect(
                made
                    == .init(
                        code: 0,
                        output: "account 222222222222 (team two) created; its first key:\n"
                            + "faultplane key create --account 222222222222 --role admin --name NAME\n"
                    )
            )
            let key = try Program.run(
                ["key", "create", "--account", "222222222222", "--role", "admin", "--name", "first"] + way
            )
            let me = try server.get("/v1/whoami", as: line(key, "Authorization: Bearer "))
            #expect(me.json?["account"]?.text == "222222222222")
            let listed = try Program.run(["account", "list"] + way)
            let rows = listed.output.split(separator: "\n").map { $0.prefix(27) }
            #expect(
                rows
                    == [
                        "ACCOUNT       NAME         ", "000000000000  first account",
                        "222222222222  team two     ",
                    ].map { $0[...] }
            )
            let again = try Program.run(["account", "create", "222222222222", "--name", "x"] + way)
            let told = "faultplane: ConflictException: Account 222222222222 exists already.\n"
            #expect(again == .init(code: 1, complaint: told))
        }
    }

    @Test func `whoami tells by which way one came`() async throws {
        try await withServerOnTestDatabase { server, place in
            let way = ["--data-dir", place.path]
            let operatorIs = #"{"account":"000000000000","role":"admin","keyId":null}"# + "\n"
            #expect(try Program.run(["whoami"] + way) == .init(code: 0, output: operatorIs))
            #expect(
                try Program.run(["whoami"], environment: ["FAULTPLANE_DATA_DIR": place.path])
                    == .init(code: 0, output: operatorIs)
            )
            let id = try server.adminToken.prefix { $0 != "." }
            let url = "http://" + (try server.address())
            let admin = #"{"account":"000000000000","role":"admin","keyId":"\#(id)"}"# + "\n"
            #expect(try Program.run(["whoami", "--url", url + "/"] + way) == .init(code: 0, output: admin))
            let variables = ["FAULTPLANE_URL": url, "FAULTPLANE_CREDENTIALS": place.path + "/credentials"]
            #expect(try Program.run(["whoami"], environment: variables) == .init(code: 0, output: admin))
        }
    }

    @Test func `a server that is not there is named, with what to do`() async throws {
        try await onThread { try askNobody() }
    }

    private func askNobody() throws {
        let scratch = try Scratch()
        let hint = "Is it running? (--url and --data-dir say where it is.)\n"
        let socket = try Program.run(["whoami", "--data-dir", scratch.path])
        let reason = "Couldn't connect to server"
        let place = "the server at \(scratch.path)/control.sock"
        #expect(socket == .init(code: 3, complaint: "faultplane: Cannot reach \(place): \(reason). \(hint)"))
        let none = try Program.run([
            "key", "list", "--data-dir", scratch.path, "--url", "http://faultplane.invalid",
        ])
        let missing = "faultplane: There is no credentials file at \(scratch.path)/credentials.\n"
        #expect(none == .init(code: 3, complaint: missing))
    }

    @Test func `migrate does what there is to do, and says it`() async throws {
        try await withEmptyDatabase { database in
            let url = ["--database-url", try await database.url()]
            try await onThread {
                let first = try Program.run(["migrate"] + url)
                let digits = first.output.dropFirst("schema ".count).prefix { $0.isNumber }
                let version = try #require(Int(digits), "\(first)")
                let all = (1...version).map(String.init).joined(separator: ", ")
                #expect(first.code == 0 && first.output == "schema \(version): applied \(all)\n", "\(first)")
                let nothing = "schema \(version): nothing to do"
                #expect(try Program.run(["migrate"] + url) == .init(code: 0, output: nothing + "\n"))
                let restored = try Program.run(["migrate", "--restored"] + url)
                #expect(
                    restored
                        == .init(
                            code: 0,
                            output:
                                "schema \(version): nothing to do; forgot the heartbeats of 0 nodes. Keys revoked after "
                                + "the backup are back: look through `faultplane key list`, and revoke them again\n"
                        )
                )
                try await database.schemaPretendNewer()
                let newer = try Program.run(["migrate"] + url)
                #expect(
                    newer
                        == .init(
                            code: 1,
                            complaint:
                                "faultplane: the database has schema \(version + 1), and this version knows schemas up "
                                + "to \(version); run the newer version that made it, or restore a backup from before\n"
                        )
                )
            }
        }
    }

    @Test func `a run's status says how its conditions stand`() async throws {
        try await withServerOnTestDatabase { server, place in
            let way = ["--data-dir", place.path]
            #expect(try server.control("PUT", "/v1/alarms/checkout-errors", ["state": "OK"]).status == 200)
            let template = try server.template(
                [("Wait", "PT1H", [])],
                until: ["source": "alarm", "value": "alarm:checkout-errors"]
            )
            let id = try server.start(template)
            let said = "\nwatched:\n  stopConditions[0], alarm alarm:checkout-errors: clear, OK\n"
            #expect(
                try await holds(within: .seconds(30)) {
                    try Program.run(["status", id] + way).output.hasSuffix(said)
                }
            )
            let plain = try server.start(try server.template(waiting: "PT1H"))
            #expect(try !Program.run(["status", plain] + way).output.contains("watched"))
        }
    }
}
