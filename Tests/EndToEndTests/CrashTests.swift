import Base
import Glibc
import TestSupport
import Testing

/// What a server makes of the death of its parts, and of its own.
@Suite(.timeLimit(.minutes(5))) struct CrashTests {
    @Test func `a killed server's PostgreSQL is taken over, and the same key works`() async throws {
        try await withServer { server, place in
            let token = try server.adminToken
            let postgres = try place.postmaster
            try server.process.signal(SIGKILL)
            #expect(try server.ended() == .killed(signal: SIGKILL))
            #expect(try place.postmaster == postgres)

            let next = try await place.start()
            #expect(try next.get("/v1/whoami", as: token).status == 200)
            #expect(try place.postmaster == postgres)
            #expect(next.log.contains("took over a running PostgreSQL"))
            #expect(try next.stop() == .exited(0))
            #expect(try place.postmaster == nil)
        }
    }

    @Test func `a killed PostgreSQL is started again, and the server comes back by itself`() async throws {
        try await withServer { server, place in
            let postgres = try #require(try place.postmaster)
            try ProcessHandle(of: postgres).signal(SIGKILL)
            var refusals: [RawResponse] = []
            let isBack = try await holds(within: .seconds(60)) {
                let keys = try server.askControl("/v1/keys")
                if keys.status != 200 { refusals.append(keys) }
                let isNew = try place.postmaster.map { $0 != postgres } ?? false
                return try isNew && keys.status == 200 && server.get("/readyz").status == 200
            }
            #expect(isBack)
            for refusal in refusals {
                #expect(refusal.status == 503 && refusal.headers["retry-after"] != nil, "\(refusal.text)")
                #expect(refusal.headers["x-amzn-errortype"] == "ServiceUnavailableException")
            }
            #expect(server.log.contains("PostgreSQL died"))
            #expect(server.log.contains("PostgreSQL started again"))
        }
    }

    @Test func `a PostgreSQL that hangs is noticed and waited out`() async throws {
        try await withServer { server, place in
            let token = try server.adminToken
            let postgres = try #require(try place.postmaster)
            // First the one that would start others.
            kill(postgres, SIGSTOP)
            #expect(await holds(within: .seconds(10)) { isStopped(postgres) })
            let all = try [postgres] + children(of: postgres)
            #expect(all.count > 1)
            for id in all { kill(id, SIGSTOP) }
            defer { for id in all { kill(id, SIGCONT) } }
            let asked = Instant.now
            let keys = try server.get("/v1/keys", as: token)
            #expect(keys.status == 503, "\(keys.text)")
            #expect(Instant.now - asked < .seconds(25))
            var ready = try server.get("/readyz")
            // Not ready for the heartbeat's age alone at first, then with what the attempt ended in.
            let isNoticed = try await holds(within: .seconds(20)) {
                ready = try server.get("/readyz")
                return ready.status == 503 && ready.text.contains("cannot be reached")
            }
            #expect(isNoticed)
            let problem = ready.json?["checks"]?["database"]?.text ?? ""
            #expect(problem.hasPrefix("the database last answered "), "\(ready.text)")
            #expect(problem.hasSuffix(" s ago (the database cannot be reached)"), "\(ready.text)")
            #expect(try server.get("/v1/whoami", as: token).status == 200, "keys are in memory")
            for id in all { kill(id, SIGCONT) }
            let isBack = try await holds(within: .seconds(30)) {
                try server.get("/readyz").status == 200 && server.askControl("/v1/keys").status == 200
            }
            #expect(isBack)
        }
    }

    /// Whether a process stands still: only then does it start no more others.
    private func isStopped(_ process: Int32) -> Bool {
        let bytes = (try? Files.read("/proc/\(process)/stat")).flatMap(\.self) ?? []
        // The state is what follows the name, which stands in parentheses.
        return String(decoding: bytes, as: UTF8.self).split(separator: ")").last?.hasPrefix(" T ") ?? false
    }

    private func children(of process: Int32) throws -> [Int32] {
        let bytes = try Files.read("/proc/\(process)/task/\(process)/children") ?? []
        return String(decoding: bytes, as: UTF8.self).split(separator: " ").compactMap { Int32($0) }
    }
}
