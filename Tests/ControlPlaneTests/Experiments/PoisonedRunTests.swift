import Base
import Experiments
import Store
import TestSupport
import Testing

@testable import ControlPlane

/// A run that the database lets nobody change keeps no other from being driven or stopped.
@Suite(.timeLimit(.minutes(10))) struct PoisonedRunTests {
    @Test func `the runs after it go on, and are stopped, all the same`() async throws {
        try await withTestDatabase { database in
            let walk = try await Walk(database)
            try await walk.start(0, token: "poisoned", .runAll)
            let poisoned = try #require(try await walk.all.first).id
            try await database.refuseChanges(ofExperiment: poisoned)
            walk.pass(.milliseconds(10))
            try await walk.start(0, token: "sound", .runAll)
            let sound = try #require(try await walk.all.first { $0.id != poisoned }).id

            walk.pass(.seconds(25))
            _ = try await walk.reconcilers[0].turn()
            #expect(try await walk.statuses(of: sound) == ["completed", "running", "pending"])
            #expect(try await walk.statuses(of: poisoned) == ["running", "pending", "pending"])

            await #expect(throws: APIError.self) { _ = try await walk.lever.accountStop(Walk.context) }
            #expect(try await walk.runs.read(Walk.context, sound).status == "stopping")
            #expect(try await walk.runs.read(Walk.context, poisoned).status == "running")
        }
    }
}

extension Walk {
    /// How the actions of a run are, in the template's order.
    fileprivate func statuses(of id: String) async throws -> [String] {
        try Run(stored: try await runs.read(Self.context, id).run).actions.map(\.status.rawValue)
    }
}
