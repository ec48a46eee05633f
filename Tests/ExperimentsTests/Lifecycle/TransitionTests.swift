import Base
import Experiments
import Testing

@Suite struct TransitionTests {
    typealias Happening = @Sendable (inout Stage) throws -> [String]

    /// A run in each status, with an action that runs and one that waits for it.
    private static func stage(_ status: RunStatus) throws -> Stage {
        var stage = Stage([Stage.fault("Delay", 60), Stage.wait("Later", 60, after: ["Delay"])])
        switch status {
        case .pending: break
        case .initiating: stage.look(0)
        case .running: try stage.begin()
        case .completed:
            try stage.begin()
            _ = stage.play()
        case .stopping:
            try stage.begin()
            stage.stop(.user, 10)
        case .stopped:
            try stage.begin()
            stage.stop(.user, 10)
            stage.look(11)
        case .failed:
            stage.look(0)
            try stage.resolve([Stage.resolved("Functions", [])], 1)
        case .cancelled: stage.stop(.lever("drill"), 0)
        }
        #expect(stage.run.status == status)
        return stage
    }

    private static let events: [(String, Happening)] = [
        ("timePassed", { $0.look(30) }),
        ("targetsResolved", { try $0.resolve([Stage.resolved()], 30) }),
        ("stopRequested by a person", { $0.stop(.user, 30) }),
        ("stopRequested by a stop condition", { $0.stop(.stopCondition("alarm:Errors is in ALARM."), 30) }),
        ("stopRequested by the lever", { $0.stop(.lever("drill"), 30) }),
        (
            "actionFailed",
            { stage in
                stage.take(
                    try stage.run.actionFailed(
                        "Delay",
                        code: .dependentService,
                        reason: "It broke.",
                        at: Stage.second(30)
                    )
                )
            }
        ),
        (
            "startRefused",
            { stage in
                let error = RunError(
                    accountID: "111122223333",
                    code: .dependentService,
                    location: "stopConditions"
                )
                return stage.take(
                    try stage.run.startRefused(error, reason: "It cannot be read.", at: Stage.second(30))
                )
            }
        ),
        (
            "queued",
            { stage in
                stage.take(try stage.run.queued(with: [], behind: "Held.", at: Stage.second(30)))
            }
        ),
        ("promoted", { stage in stage.take(try stage.run.promoted(at: Stage.second(30))) }),
        ("clockRanBack", { stage in stage.take(stage.run.clockRanBack(at: Stage.second(30))) }),
    ]

    /// What the run is afterwards; `same` where nothing was done, `refused` where the event cannot have happened.
    private static let table: [String: [RunStatus: String]] = [
        "timePassed": [
            .pending: "initiating", .initiating: "again", .running: "same", .stopping: "stopped",
            .completed: "same", .stopped: "same", .failed: "same", .cancelled: "same",
        ],
        "targetsResolved": [
            .pending: "refused", .initiating: "running", .running: "refused", .stopping: "refused",
            .completed: "refused", .stopped: "refused", .failed: "refused", .cancelled: "refused",
        ],
        "stopRequested by a person": [
            .pending: "stopping", .initiating: "stopping", .running: "stopping", .stopping: "noted",
            .completed: "noted", .stopped: "noted", .failed: "noted", .cancelled: "noted",
        ],
        "stopRequested by a stop condition": [
            .pending: "stopping", .initiating: "stopping", .running: "stopping", .stopping: "noted",
            .completed: "noted", .stopped: "noted", .failed: "noted", .cancelled: "noted",
        ],
        "stopRequested by the lever": [
            .pending: "cancelled", .initiating: "stopping", .running: "stopping", .stopping: "noted",
            .completed: "noted", .stopped: "noted", .failed: "noted", .cancelled: "noted",
        ],
        "actionFailed": [
            .pending: "refused", .initiating: "refused", .running: "failed", .stopping: "refused",
            .completed: "refused", .stopped: "refused", .failed: "refused", .cancelled: "refused",
        ],
        "startRefused": [
            .pending: "failed", .initiating: "failed", .running: "refused", .stopping: "refused",
            .completed: "refused", .stopped: "refused", .failed: "refused", .cancelled: "refused",
        ],
        "queued": [
            .pending: "pending", .initiating: "refused", .running: "refused", .stopping: "refused",
            .completed: "refused", .stopped: "refused", .failed: "refused", .cancelled: "refused",
        ],
        "promoted": [
            .pending: "refused", .initiating: "refused", .running: "refused", .stopping: "refused",
            .completed: "refused", .stopped: "refused", .failed: "refused", .cancelled: "refused",
        ],
        "clockRanBack": [
            .pending: "failed", .initiating: "failed", .running: "failed", .stopping: "stopped",
            .completed: "noted", .stopped: "noted", .failed: "noted", .cancelled: "noted",
        ],
    ]

    @Test(arguments: events.indices, RunStatus.allCases)
    func `each event in each status does what the table says`(place: Int, status: RunStatus) throws {
        let (name, happen) = Self.events[place]
        let expected = try #require(Self.table[name]?[status], "the table misses \(name) in \(status)")
        var stage = try Self.stage(status)
        let before = stage.run
        do {
            let told = try happen(&stage)
            switch expected {
            case "same": #expect(told == [] && stage.run == before)
            case "again": #expect(told == ["resolve"] && stage.run == before)
            case "noted":
                let note = "note: Experiment EXP1 is already \(status.rawValue); nothing was changed."
                #expect(told == [note] && stage.run == before)
            default: #expect(stage.run.status.rawValue == expected)
            }
        } catch let refusal as RunRefusal {
            #expect(expected == "refused" && stage.run == before)
            #expect(refusal.description == "event \(name) in an experiment that is \(status.rawValue)")
        }
    }

    @Test func `what cannot be said of an action is refused with both names`() throws {
        var stage = try Self.stage(.running)
        let before = stage.run
        #expect(throws: RunRefusal.unknownAction(.actionFailed, action: "Nobody")) {
            try stage.run.actionFailed("Nobody", code: .configuration, reason: "", at: Stage.second(1))
        }
        #expect(throws: RunRefusal.notInAction(.actionFailed, action: "Later", .pending)) {
            try stage.run.actionFailed("Later", code: .configuration, reason: "", at: Stage.second(1))
        }
        #expect(stage.run == before)
        #expect(
            RunRefusal.unknownAction(.actionFailed, action: "Nobody").description
                == "event actionFailed for action Nobody that is not in the template"
        )
        #expect(
            RunRefusal.notInAction(.actionFailed, action: "Later", .pending).description
                == "event actionFailed for action Later that is pending"
        )
    }
}
