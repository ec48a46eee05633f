import Base
import Store
import TestSupport
import Testing

@Suite struct DeploymentTests {
    private func initialise(_ database: Database, _ wanted: Deployment) async throws -> Deployment {
        try await database.transaction { transaction throws(StoreError) in
            try transaction.deploymentInitialise(wanted, firstAccountName: "first")
        }
    }

    @Test func `an empty database becomes what the first node wants`() async throws {
        try await withTestDatabase { database in
            let (before, _, after, audit) = try await database.transaction { transaction throws(StoreError) in
                (
                    try transaction.deploymentRead(),
                    try transaction.deploymentInitialise(Given.deployment(), firstAccountName: "first"),
                    try transaction.deploymentRead(),
                    try transaction.auditList(Given.context(), limit: 10)
                )
            }
            #expect(before == nil)
            #expect(after == Given.deployment())
            #expect(audit.map(\.action) == ["deployment.created", "account.created"])
        }
    }

    @Test func `nodes that start at once agree on one`() async throws {
        try await withTestDatabase { database in
            let found = try await withThrowingTaskGroup(of: Deployment.self) { group in
                for number in 0..<6 {
                    group.addTask { try await initialise(database, Given.deployment(id: "dep-\(number)")) }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(Set(found.map(\.id)).count == 1)
            #expect(try await database.value("SELECT count(*) FROM deployment") == 1)
        }
    }

    @Test func `another master key is refused, and told what to do`() async throws {
        try await Given.populated { database in
            let error = await #expect(throws: StoreError.refused(.masterKeyMismatch)) {
                try await initialise(database, Given.deployment(key: 8))
            }
            #expect(error?.description.contains("--master-key") == true)
        }
    }

    @Test func `there is one deployment and no second`() async throws {
        try await Given.populated { database in
            let error = await #expect(throws: StoreError.self) {
                try await database.run(
                    "INSERT INTO deployment SELECT false, id, master_key_check, first_account, region, lease_ms, created_at, overlap FROM deployment"
                )
            }
            #expect(error?.sqlState == .checkViolation)
        }
    }

    @Test func `the lease changes while no node runs, and not otherwise`() async throws {
        try await Given.populated { database in
            let change: @Sendable (borrowing Transaction) throws(StoreError) -> Duration? = {
                transaction throws(StoreError) in
                try transaction.deploymentChange(
                    Given.context(),
                    to: DeploymentSettings(lease: .milliseconds(2_500), overlap: "allow"),
                    by: "n",
                    at: Given.now
                )
                return try transaction.deploymentRead()?.lease
            }
            let beat = Heartbeat(node: "n", startedAt: Given.now, advertise: "a", schemaVersion: 1)
            _ = try await database.statement { transaction throws(StoreError) in
                try transaction.nodePulse(beat, freshFor: .seconds(15))
            }
            await #expect(
                throws: StoreError.refused(.leaseInUse(recorded: .seconds(15), asked: .milliseconds(2_500)))
            ) { try await database.transaction(.standard, change) }
            try await database.run("UPDATE nodes SET beat_at = beat_at - interval '16 s'")
            #expect(try await database.transaction(.standard, change) == .milliseconds(2_500))
        }
    }

    @Test func `the overlap policy changes while no other node runs, and not otherwise`() async throws {
        try await Given.populated { database in
            @Sendable func change(to policy: String, by node: String) async throws -> String? {
                try await database.transaction { transaction throws(StoreError) in
                    let wanted = DeploymentSettings(lease: .seconds(15), overlap: policy)
                    try transaction.deploymentChange(Given.context(), to: wanted, by: node, at: Given.now)
                    return try transaction.deploymentRead()?.settings.overlap
                }
            }
            let beat = Heartbeat(node: "n", startedAt: Given.now, advertise: "a", schemaVersion: 1)
            _ = try await database.statement { transaction throws(StoreError) in
                try transaction.nodePulse(beat, freshFor: .seconds(15))
            }
            let error = await #expect(
                throws: StoreError.refused(.overlapInUse(recorded: "allow", asked: "queue"))
            ) { try await change(to: "queue", by: "m") }
            #expect(
                error?.description
                    == "the deployment's overlap policy is allow and other nodes are running with it; "
                    + "stop them all before starting with queue"
            )
            #expect(try await change(to: "allow", by: "m") == "allow")
            #expect(try await change(to: "refuse", by: "n") == "refuse", "a node that was started again")
            try await database.run("UPDATE nodes SET beat_at = beat_at - interval '16 s'")
            #expect(try await change(to: "queue", by: "m") == "queue")
            let audit = try await database.statement { transaction throws(StoreError) in
                try transaction.auditList(Given.context(), limit: 2)
            }
            #expect(audit.map(\.action) == ["deployment.overlap-changed", "deployment.overlap-changed"])
            #expect(audit.first?.details["from"]?.text == "refuse")
        }
    }
}
