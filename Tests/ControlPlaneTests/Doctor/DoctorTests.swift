import Base
import ControlPlane
import HTTPServer
import Store
import Testing

@Suite struct DoctorTests {
    private func withFolder(_ body: (String) async throws -> Void) async throws {
        let folder = TemporaryFolder()
        try await body(folder.path)
        withExtendedLifetime(folder) {}
    }

    private static func doctor(
        _ folder: String,
        _ change: (inout ServeOptions) -> Void = { _ in }
    ) throws -> Doctor {
        let listen = try #require(SocketAddress("127.0.0.1:0"))
        let account = try #require(AccountID("000000000000"))
        var options = ServeOptions(listen: listen, account: account)
        options.dataDirectory = folder
        // Nobody listens there, so the database is at fault in every case that does not say otherwise.
        options.databaseURL = "host=\(folder) dbname=none connect_timeout=2"
        change(&options)
        return Doctor(options, log: Logger(sink: NoLog()))
    }

    private static func findings(
        _ subject: String,
        _ doctor: Doctor
    ) async -> [Finding] { await doctor.examine().filter { $0.subject == subject } }

    @Test func `a folder that is not there yet is no fault`() async throws {
        let path = "/tmp/faultplane-none-\(Random.token(8))"
        let doctor = try Self.doctor(path)
        #expect(
            await Self.findings("data directory", doctor)
                == [.ok("data directory", "\(path) does not exist yet; serve makes it")]
        )
        #expect(await Self.findings("master key", doctor) == [])
        #expect(!Files.exists(path))
    }

    @Test func `a folder that others can enter is a warning that says how to close it`() async throws {
        try await withFolder { folder in
            _ = try Command("/bin/chmod", ["755", folder]).run(timeLimit: .seconds(10))
            #expect(
                await Self.findings("data directory", try Self.doctor(folder))
                    == [
                        .warning(
                            "data directory",
                            "\(folder) has mode 0755, so others can look in: chmod 700 \(folder)"
                        )
                    ]
            )
        }
    }

    @Test func `credentials that others can read are a problem`() async throws {
        try await withFolder { folder in
            let path = DataDirectory.credentials(in: folder)
            let key = KeyID.random()
            let file = CredentialsFile(keyID: key, secret: Secret(text: "s3cret"), region: nil)
            try file.write(to: path)
            #expect(
                await Self.findings("credentials", try Self.doctor(folder))
                    == [.ok("credentials", "\(path) holds key \(key)")]
            )
            _ = try Command("/bin/chmod", ["644", path]).run(timeLimit: .seconds(10))
            #expect(
                await Self.findings("credentials", try Self.doctor(folder))
                    == [
                        .problem(
                            "credentials",
                            "\(path) can be read by others: chmod 600 \(path), and revoke \(key)"
                        )
                    ]
            )
        }
    }

    @Test func `a listener that others reach is a warning`() async throws {
        try await withFolder { folder in
            let everywhere = try #require(SocketAddress("0.0.0.0:0"))
            let found = await Self.findings("listener", try Self.doctor(folder) { $0.listen = everywhere })
            #expect(found.map(\.grade) == [.warning])
            #expect(found.first?.text.contains("put a TLS proxy in front") == true)
        }
    }

    @Test func `a database that is not there is a problem with its reason`() async throws {
        try await withFolder { folder in
            let found = await Self.findings("database", try Self.doctor(folder))
            #expect(found.map(\.grade) == [.problem])
            #expect(found.first?.text.contains("No such file or directory") == true, "\(found)")
        }
    }
}

@Suite struct DoctorJudgementTests {
    private let now = Timestamp(seconds: 1_790_000_000)

    private func judge(_ change: (inout DatabaseExamination) -> Void) throws -> [Finding] {
        var found = DatabaseExamination(
            serverVersion: 150_018,
            now: now,
            schemaVersion: Migrator.schemaVersion,
            isDurable: true
        )
        change(&found)
        return Doctor.judge(found, try DatabaseAddress("host=db dbname=faults"), now: now)
    }

    @Test func `a database as it should be`() throws {
        #expect(
            try judge { _ in } == [
                .ok("database", "db, database faults, PostgreSQL 15.18"),
                .ok("schema", "\(Migrator.schemaVersion)"),
            ]
        )
    }

    @Test func `what is wrong with a database is said with its remedy`() throws {
        #expect(try judge { $0.serverVersion = 140_001 }.first?.grade == .problem)
        #expect(
            try judge { $0.isDurable = false }.map(\.subject) == ["database", "durability", "schema"]
        )
        #expect(
            try judge { $0.schemaVersion = 99 }.last
                == .problem(
                    "schema",
                    "the database has 99, and this version knows \(Migrator.schemaVersion): run the newer version"
                )
        )
        #expect(
            try judge { $0.schemaVersion = 0 }.last
                == .ok("schema", "0; serve will bring it to \(Migrator.schemaVersion)")
        )
        let skewed = try judge { $0.now = now + .seconds(3_600) }.last
        #expect(skewed?.grade == .problem)
        #expect(skewed?.text.contains("3600 s apart") == true)
    }
}
