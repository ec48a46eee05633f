import Base
import TestSupport
import Testing

/// `--no-auth`, on loopback.
@Suite(.timeLimit(.minutes(5))) struct OpenServerTests {
    @Test func `everybody is an admin, and credentials are written all the same`() async throws {
        try await withServerOnTestDatabase(["--no-auth"]) { server, place in
            let admin = #"{"account":"000000000000","role":"admin","keyId":null}"#
            let answers = [try server.get("/v1/whoami"), try server.get("/v1/whoami", as: "nonsense")]
            #expect(answers.map(\.text) == [admin, admin])
            #expect(try server.get("/v1/accounts").status == 200)
            #expect(Files.exists(place.path + "/credentials"))
        }
    }

    @Test(arguments: [("true", 200), ("1", 200), ("0", 403), ("no", 403), ("", 403)])
    func `its environment variable does the same`(_ value: String, _ status: Int) async throws {
        try await withTestDatabase { database in
            let url = try await database.url()
            try await withDataFolder { place in
                let variables = ["FAULTPLANE_NO_AUTH": value, "FAULTPLANE_DATABASE_URL": url]
                let server = try await place.start(environment: variables)
                let answer = try server.get("/v1/whoami")
                #expect(answer.status == status)
                #expect(try server.stop() == .exited(0))
            }
        }
    }
}
