import Base
import CLinux
import Glibc
import TestSupport
import Testing

/// From nothing to a server that answers, and again.
@Suite(.timeLimit(.minutes(5))) struct StartTests {
    @Test func `the first start makes all it needs, and the second finds it`() async throws {
        try await withDataFolder { place in
            let server = try await place.start()
            #expect(try server.port() > 0)
            for name in ["credentials", "curl", "master.key"] {
                #expect(try Files.readWithMode("\(place.path)/\(name)")?.mode == 0o600, "\(name)")
            }
            let ready = try server.get("/readyz")
            #expect(
                ready.text
                    == #"{"ready":true,"checks":{"database":"ok","schema":"ok","clock":"ok","history":"ok"}}"#
            )
            let token = try server.adminToken
            let id = token.prefix { $0 != "." }
            let me = #"{"account":"000000000000","role":"admin","keyId":"\#(id)"}"#
            #expect(try server.get("/v1/whoami", as: token).text == me)
            #expect(try server.stop() == .exited(0))
            #expect(try place.postmaster == nil, "PostgreSQL outlives its server")

            let again = try await place.start()
            #expect(try again.get("/v1/whoami", as: token).text == me)
            #expect(try again.adminToken == token)
            #expect(try again.stop() == .exited(0))
            #expect(!again.log.contains(token.drop { $0 != "." }.dropFirst()), "a secret in the log")
        }
    }

    @Test func `a second server on one data directory is refused with the first one's number`() async throws {
        try await withServerOnTestDatabase { server, place in
            let refused = try Program.run(["serve", "--listen", "127.0.0.1:0", "--data-dir", place.path])
            #expect(
                refused
                    == .init(
                        code: 1,
                        complaint: "faultplane: Another server (process \(server.process.id)) uses the data "
                            + "directory \(place.path). Stop it, or give this one another with --data-dir.\n"
                    )
            )
            #expect(try server.get("/healthz").text == #"{"status":"ok"}"#)
        }
    }

    @Test func `a port in use is refused at once, and nothing is made`() async throws {
        try await withServerOnTestDatabase { server, _ in
            let address = try server.address()
            let other = try DataFolder()
            let refused = try Program.run(["serve", "--listen", address, "--data-dir", other.path])
            #expect(
                refused
                    == .init(
                        code: 1,
                        complaint: "faultplane: Cannot listen on \(address) (Address already in use). "
                            + "If another server is there, stop it, or choose another port with --listen.\n"
                    )
            )
            #expect(
                !Files.exists(other.path + "/cluster.location") && !Files.exists(other.path + "/postgres")
            )
        }
    }

    @Test func `a closed folder above the data directory and a long path are no obstacle`() async throws {
        let deep = (1...6).map { "folder-\($0)-" + String(repeating: "x", count: 24) }.joined(separator: "/")
        try await withDataFolder { _ in
            let place = try DataFolder(below: deep)
            defer { place.removeCluster() }
            #expect(place.path.utf8.count > 150)
            let server = try await place.start()
            #expect(try server.get("/readyz").status == 200)
            let me = try Program.run(["whoami", "--data-dir", place.path])
            #expect(
                me
                    == .init(
                        code: 0,
                        output: "{\"account\":\"000000000000\",\"role\":\"admin\",\"keyId\":null}\n"
                    )
            )
            #expect(try server.stop() == .exited(0))
        }
    }
}
