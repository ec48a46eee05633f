package import Base
package import Store

extension Doctor {
    /// The database named by `--database-url`, or the one that runs on the data directory; nil where none does.
    private var address: DatabaseAddress? {
        get throws(StoreError) {
            if let url = options.databaseURL { return try DatabaseAddress(url) }
            return try EmbeddedCluster.running(dataFolder: options.dataDirectory)
        }
    }

    /// What is to be said of the database, or whether this machine could run one where none runs.
    func database() async -> [Finding] {
        do throws(StoreError) {
            guard let address = try address else {
                return [.ok("database", "embedded: \(try EmbeddedCluster.examine())")]
            }
            var patient = PoolLimits()
            patient.wait = .seconds(10)
            let database = try Database(address, pool: patient, application: "faultplane doctor", log: log)
            defer { database.close() }
            let found = try await database.examine()
            let judgement = Self.judge(found, address, now: .now)
            if found.schemaVersion != Migrator.schemaVersion { return judgement }
            return judgement + (try await history(database))
        } catch {
            let reason = error.logged.text ?? error.description
            return [.problem("database", "\(error.description): \(reason)")]
        }
    }

    /// What the database's own words mean for us.
    package static func judge(
        _ found: DatabaseExamination,
        _ address: DatabaseAddress,
        now: Timestamp
    ) -> [Finding] {
        let version = "\(found.serverVersion / 10_000).\(found.serverVersion % 10_000)"
        var findings: [Finding] = []
        if found.serverVersion < 150_000 {
            findings.append(
                .problem(
                    "database",
                    "\(address) runs PostgreSQL \(version), and 15 is the oldest that will do"
                )
            )
        } else {
            findings.append(.ok("database", "\(address), PostgreSQL \(version)"))
        }
        if !found.isDurable {
            findings.append(
                .problem(
                    "durability",
                    "fsync or synchronous_commit is off: a power cut could bring an ended fault back; switch them on"
                )
            )
        }
        findings.append(schema(found.schemaVersion))
        let apart = found.now - now
        if abs(apart.inSeconds) > Readiness.clockTolerance.inSeconds {
            findings.append(
                .problem(
                    "clock",
                    "this machine and the database are \(Int(abs(apart.inSeconds))) s apart: set both by NTP, "
                        + "or signed requests will be refused"
                )
            )
        }
        return findings
    }

    private static func schema(_ version: Int) -> Finding {
        let own = Migrator.schemaVersion
        if version == own { return .ok("schema", "\(version)") }
        if version > own {
            return .problem(
                "schema",
                "the database has \(version), and this version knows \(own): run the newer version"
            )
        }
        return .ok("schema", "\(version); serve will bring it to \(own)")
    }
}
