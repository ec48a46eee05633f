import Base
import Glibc
import TestSupport
import Testing

/// The ways a server is asked to end.
@Suite(.timeLimit(.minutes(5))) struct StopTests {
    @Test func `a server with idle and half-sent requests ends in time, and exits 0`() async throws {
        try await withServerOnTestDatabase { server, _ in
            let port = try server.port()
            let idle = try RawClient(port: port)
            try idle.send("GET /healthz HTTP/1.1\r\nHost: test\r\n\r\n")
            #expect(try idle.response()?.status == 200)
            let half = try RawClient(port: port)
            try half.send("GET /healthz HTTP/1.1\r\n")
            let began = Instant.now
            #expect(try server.stop() == .exited(0))
            #expect(Instant.now - began < .seconds(13))
            #expect(try idle.isClosedByPeer())
            #expect(server.log.contains(#""msg":"stopped""#))
        }
    }

    @Test func `a request that is being answered is answered before the end`() async throws {
        try await withTestDatabase { database in
            let url = try await database.url()
            try await withServer(["--database-url", url]) { server, _ in
                let client = try RawClient(port: try server.port(), timeLimit: .seconds(30))
                try await database.withTableLocked("access_keys") {
                    let token = try server.adminToken
                    try client.send(
                        "GET /v1/keys HTTP/1.1\r\nHost: test\r\nAuthorization: Bearer \(token)\r\n\r\n"
                    )
                    let isAsking = try await holds(within: .seconds(10)) {
                        try server.get("/metrics", as: token).text.contains(
                            "faultplane_database_sessions_busy 1"
                        )
                    }
                    #expect(isAsking)
                    try server.process.signal(SIGTERM)
                    #expect(await server.logs(#""msg":"stopping""#))
                }
                let answer = try client.response()
                #expect(answer?.status == 200)
                #expect(answer?.json?["keys"]?.elements?.count == 1)
                #expect(try server.ended() == .exited(0))
            }
        }
    }

    @Test func `asking twice does not wait`() async throws {
        try await withTestDatabase { database in
            let url = try await database.url()
            try await withServer(["--database-url", url]) { server, _ in
                let client = try RawClient(port: try server.port(), timeLimit: .seconds(30))
                try await database.withTableLocked("access_keys") {
                    let token = try server.adminToken
                    try client.send(
                        "GET /v1/keys HTTP/1.1\r\nHost: test\r\nAuthorization: Bearer \(token)\r\n\r\n"
                    )
                    let isAsking = try await holds(within: .seconds(10)) {
                        try server.get("/metrics", as: token).text.contains(
                            "faultplane_database_sessions_busy 1"
                        )
                    }
                    #expect(isAsking)
                    try server.process.signal(SIGINT)
                    #expect(await server.logs(#""msg":"stopping""#))
                    try server.process.signal(SIGINT)
                    #expect(try server.ended(within: .seconds(5)) == .exited(130))
                }
            }
        }
    }

    @Test func `a server that still waits for its database can be ended`() async throws {
        try await withDataFolder { place in
            let server = try await place.start(["--database-url", "host=\(place.scratch.path) dbname=none"])
            #expect(await server.logs("database not ready"))
            let began = Instant.now
            #expect(try server.stop() == .exited(0))
            #expect(Instant.now - began < .seconds(5))
        }
    }
}
