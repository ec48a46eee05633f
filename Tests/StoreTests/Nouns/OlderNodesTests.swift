import Base
import Store
import TestSupport
import Testing

/// What a node of an older version, which knows of no holds, cannot do against them.
@Suite struct OlderNodesTests {
    private static func lend(_ body: (Database) async throws -> Void) async throws {
        try await Given.populated { database in
            try await database.makeTemplate()
            try await body(database)
        }
    }

    private static func start(
        _ database: Database,
        _ number: Int,
        _ use: TargetUse,
        _ status: String = "running"
    )
        async throws
    {
        var new = Runs.new(Runs.id(number), token: "\(number)")
        new.step.use = use
        new.step.state.status = status
        #expect(try await database.start(new) == .started(accountConfigurations: []))
    }

    private static func publish(_ database: Database, _ number: Int, _ target: String) async throws {
        _ = try await database.statement { transaction throws(StoreError) in
            try transaction.execute(
                """
                INSERT INTO faults (experiment, action, account, target, epoch, not_before, not_after, fault)
                VALUES (\(Runs.id(number)), 'A', \(Given.first), \(target), 1, \(Given.now), \(Given.now), '{}')
                """
            )
        }
    }

    @Test func `it publishes nothing to a target that another run has to itself`() async throws {
        try await Self.lend { database in
            try await Self.start(database, 1, .hold(.init(["a"], isExclusive: true)))
            try await Self.start(database, 2, .none)
            try await Self.publish(database, 1, "a")
            try await Self.publish(database, 2, "b")
            let error = await #expect(throws: StoreError.self) { try await Self.publish(database, 2, "a") }
            guard case .server(let server) = error else {
                return #expect(Bool(false), "\(String(describing: error))")
            }
            #expect(server.state.description == "23P01")
        }
    }

    @Test func `it does not begin a run that waits for its turn`() async throws {
        try await Self.lend { database in
            try await Self.start(database, 1, .hold(.init(["a"], isExclusive: true)))
            try await Self.start(database, 2, .wait(["a"]), "pending")
            let waiting = try #require(try await database.experiment(Runs.id(2)))
            await #expect(throws: StoreError.self) {
                _ = try await database.advance(waiting, ExperimentStep(state: Runs.state("initiating")))
            }
            #expect(try await database.advance(waiting, ExperimentStep(state: Runs.state("stopping"))))
        }
    }
}
