import Base
import Store
import TestSupport
import Testing

@testable import ControlPlane

/// What instances report and what is read of it, over the wire.
@Suite(.timeLimit(.minutes(10))) struct TelemetryRoutesTests {
    private static func report(_ sequence: Int64, _ more: [JSON.Member] = []) -> JSON {
        .object(
            [
                .init("target", "checkout"), .init("instance", "i-1"), .init("sequence", .integer(sequence)),
            ] + more
        )
    }

    private static let full = report(
        1,
        [
            .init("since", .number(1_790_000_000.25)), .init("invocations", 10), .init("errors", 2),
            .init("injected", ["EXPaaaaaaaaaaaaaaa/Delay": 3, "no fault": 3]),
            .init("durations", ["12": 9, "40": 1]),
        ]
    )

    private func samples(_ plane: Plane, _ query: String) throws -> [JSON] {
        let answer = try plane.ask("GET", "/v1/telemetry?\(query)")
        #expect(answer.status == 200, "\(answer.text)")
        return answer.json?["samples"]?.elements ?? []
    }

    /// Reports and waits until it is written.
    private func write(_ plane: Plane, _ reports: [JSON]) async throws {
        let answer = try plane.ask("POST", "/v1/telemetry", ["reports": .array(reports)])
        #expect(answer.status == 200, "\(answer.text)")
        let isWritten = try await plane.soon {
            try PrometheusText(plane.ask("GET", "/metrics").text).value(
                "faultplane_telemetry_samples_total",
                ["outcome": "written"]
            ) ?? 0 > 0
        }
        #expect(isWritten)
    }

    @Test func `reports are taken once, and read as samples`() async throws {
        try await withPlane { plane in
            try await write(plane, [Self.full, Self.full, Self.report(2)])
            let again = try plane.ask("POST", "/v1/telemetry", ["reports": [Self.full, Self.report(100)]])
            #expect(again.text == #"{"taken":1,"repeated":1,"dropped":0}"#)
            let behind = try plane.ask("POST", "/v1/telemetry", ["reports": [Self.report(3)]])
            #expect(behind.text == #"{"taken":0,"repeated":0,"dropped":1}"#)
            let found = try samples(
                plane,
                "target=checkout&from=\(Int(plane.node.experiments.time.now.seconds) - 60)"
            )
            let filled = found.filter { $0["invocations"] != 0 }
            let sample = try #require(filled.first)
            #expect(filled.count == 1 && (12...14).contains(found.count))
            #expect(sample["time"]?.whole.map { $0 % 5 } == 0)
            #expect(sample["instances"] == 1 && sample["invocations"] == 10 && sample["errors"] == 2)
            #expect(sample["errorRate"]?.double == 0.2 && sample["injected"] == 0)
            #expect((6...8).contains(sample["p50"]?.double ?? 0))
            #expect((861...1_024).contains(sample["p99"]?.double ?? 0))
            let empty = try #require(found.first)
            let nothing: JSON = [
                "time": empty["time"] ?? .null, "instances": 0, "invocations": 0, "errors": 0, "injected": 0,
                "errorRate": .null, "p50": .null, "p99": .null,
            ]
            #expect(empty == nothing)
            let metrics = try PrometheusText(plane.ask("GET", "/metrics").text)
            let family = "faultplane_telemetry_reports_total"
            #expect(metrics.value(family, ["outcome": "taken"]) == 3)
            #expect(metrics.value(family, ["outcome": "repeated"]) == 2)
            #expect(metrics.value(family, ["outcome": "dropped"]) == 1)
            #expect(metrics.value("faultplane_telemetry_instances") == 1)
        }
    }

    @Test func `an instance whose clock was wrong counts when it is right again`() async throws {
        try await withPlane { plane in
            func taken(_ sequence: Int64, since: Double) throws -> JSON? {
                let report = Self.report(sequence, [.init("since", .number(since)), .init("invocations", 1)])
                return try plane.ask("POST", "/v1/telemetry", ["reports": [report]]).json
            }
            let now = plane.node.experiments.time.now.seconds
            let (ahead, first) = (try taken(9, since: 4e9), try taken(1, since: now))
            let (again, former) = (try taken(1, since: now), try taken(2, since: now - 60))
            #expect(ahead == ["taken": 1, "repeated": 0, "dropped": 0])
            #expect(first == ["taken": 1, "repeated": 0, "dropped": 0])
            #expect(again == ["taken": 0, "repeated": 1, "dropped": 0])
            #expect(former == ["taken": 0, "repeated": 0, "dropped": 1])
        }
    }

    @Test func `a run's faults are counted as instances say, and its samples read by its id`() async throws {
        try await withPlane { plane in
            let id = try await plane.delaying()
            func injected() throws -> JSON? {
                try plane.ask("GET", "/experiments/\(id)/coverage").json?["targets"]?[0]?["injected"]
            }
            #expect(try plane.ask("GET", "/v1/faults/checkout?instance=i-1").status == 200)
            #expect(try await plane.soon { try injected() == .null })
            let fault: JSON = .object([.init("\(id)/Delay", 4), .init("\(id)/Other", 9)])
            try await write(plane, [Self.report(1, [.init("invocations", 4), .init("injected", fault)])])
            #expect(try await plane.soon { try injected() == 4 })
            let whole = try samples(plane, "experiment=\(id)&step=3600")
            #expect(whole.reduce(0) { $0 + ($1["injected"]?.whole ?? 0) } == 4)
            #expect(
                try samples(plane, "experiment=\(id)&target=other&step=3600").allSatisfy {
                    $0["injected"] == 0
                }
            )
            #expect(try plane.ask("GET", "/v1/telemetry?experiment=EXPaaaaaaaaaaaaaaa").status == 404)
        }
    }

    @Test func `a page goes on where the one before ended, also where nothing was reported`() async throws {
        try await withPlane { plane in
            let query = "target=checkout&from=1790000001&to=1790000026"
            var (times, token, pages) = ([Int64](), "", 0)
            repeat {
                let answer = try plane.ask("GET", "/v1/telemetry?\(query)&maxResults=2\(token)")
                times += (answer.json?["samples"]?.elements ?? []).compactMap { $0["time"]?.whole }
                token = answer.json?["nextToken"]?.text.map { "&nextToken=\($0)" } ?? ""
                pages += 1
            } while !token.isEmpty && pages < 10
            #expect(times == [0, 5, 10, 15, 20, 25].map { 1_790_000_000 + $0 } && pages == 3)
            #expect(try samples(plane, "target=checkout&from=0&to=1").count == 1)
            #expect(try samples(plane, "target=checkout&from=3999999999&step=3600").isEmpty)
        }
    }

    private static let mistakes: [(JSON, String)] = [
        ([:], "reports is missing: a list of 1 to 100 objects is accepted."),
        (["reports": [:]], "reports is an object: a list of 1 to 100 objects is accepted."),
        (["reports": []], "reports has 0 elements: a list of 1 to 100 objects is accepted."),
        (["reports": [1]], "reports[0] is a number: an object is accepted."),
        (
            ["reports": [report(1), report(0)]],
            "reports[1].sequence is 0: a whole number from 1 to 9223372036854775807 is accepted."
        ),
        (
            ["reports": [report(1, [.init("errors", -1)])]],
            "reports[0].errors is -1: a whole number from 0 to 1000000000 is accepted."
        ),
        (
            ["reports": [report(1, [.init("invocations", 4), .init("errors", 5)])]],
            "reports[0].errors is 5: no more than invocations, which is 4, is accepted."
        ),
        (
            ["reports": [report(1, [.init("errors", 1)])]],
            "reports[0].errors is 1: no more than invocations, which is 0, is accepted."
        ),
        (
            ["reports": [report(1, [.init("invocations", .number(1.5))])]],
            "reports[0].invocations is 1.5: a whole number from 0 to 1000000000 is accepted."
        ),
        (
            ["reports": [report(1, [.init("invocations", "many")])]],
            "reports[0].invocations is a string: a whole number from 0 to 1000000000 is accepted."
        ),
        (
            ["reports": [report(1, [.init("since", -1)])]],
            "reports[0].since is -1.0: when the instance began to count, in seconds since 1970, is accepted."
        ),
        (
            ["reports": [report(1, [.init("durations", ["81": 1])])]],
            "reports[0].durations is no histogram: an object of whole numbers by their bucket, 0 to 80, is accepted."
        ),
        (
            ["reports": [report(1, [.init("injected", ["EXP1/A": -1])])]],
            "reports[0].injected.EXP1/A is no count: an object of whole numbers, one for each of up to 100 ids of faults, "
                + "is accepted."
        ),
        (
            ["reports": [report(1, [.init("more", 1)])]],
            "reports[0].more is not known here: durations, errors, injected, instance, invocations, sequence, since, target are."
        ),
        (
            ["reports": [["instance": "\u{1}", "sequence": 1]]],
            "reports[0].target is missing: an ARN or the name of a function is accepted; "
                + "reports[0].instance is \"\u{1}\": a text of 1 to 256 bytes without control characters is accepted."
        ),
    ]

    @Test func `what is wrong with a report is told with its place, and nothing is taken`() async throws {
        try await withPlane { plane in
            for (body, message) in Self.mistakes {
                let answer = try plane.ask("POST", "/v1/telemetry", body)
                #expect(answer.failure == .init(400, "ValidationException", message), "\(answer.text)")
            }
            let many = JSON.array((0...100).map { Self.report(Int64($0 + 1)) })
            #expect(try plane.ask("POST", "/v1/telemetry", ["reports": many]).failure?.status == 400)
            let taken = try plane.ask("POST", "/v1/telemetry", ["reports": [Self.report(1)]])
            #expect(taken.text == #"{"taken":1,"repeated":0,"dropped":0}"#)
        }
    }

    private static let questions: [(String, String)] = [
        ("", "target is missing: target=ARN, experiment=ID or both are accepted."),
        ("target=a%20b", "target is \"a b\": an ARN or the name of a function is accepted."),
        ("experiment=x", "experiment is \"x\": the id of an experiment is accepted."),
        ("target=a&from=yesterday", "from is \"yesterday\": a number of seconds since 1970 is accepted."),
        ("target=a&to=nan", "to is \"nan\": a number of seconds since 1970 is accepted."),
        ("target=a&from=5&to=5", "to is not later than from: a later moment is accepted."),
        (
            "target=a&step=7",
            "step is \"7\": a number of seconds from 5 to 3600 that can be divided by 5 is accepted."
        ),
    ]

    @Test func `a question that cannot be answered is told why`() async throws {
        try await withPlane { plane in
            for (query, message) in Self.questions {
                let answer = try plane.ask("GET", "/v1/telemetry?\(query)")
                #expect(answer.failure == .init(400, "ValidationException", message), "\(answer.text)")
            }
        }
    }

    @Test func `an agent reports of its own targets, all of a request or none, and reads nothing`()
        async throws
    {
        try await withPlane { plane in
            let key = try plane.key(.agent, targets: "*:function:checkout-*")
            func ask(
                _ targets: [String],
                _ path: String = "/v1/telemetry",
                as proof: Ask.Proof? = nil
            ) throws -> Answer {
                let reports = targets.map { target -> JSON in
                    ["target": .string(target), "instance": "i-1", "sequence": 1]
                }
                return try plane.ask(Ask("POST", path, as: proof ?? key.bearer, ["reports": .array(reports)]))
            }
            let refused = try ask(["checkout-1", "payment"])
            #expect(refused.failure?.status == 403)
            #expect(try ask(["checkout-1"]).json?["taken"] == 1, "nothing of the refused request was taken")
            let path = "/t/\(key.id).\(key.secret)/v1/telemetry"
            #expect(
                try ask(["checkout-1", "checkout-2"], path, as: .nothing).text
                    == #"{"taken":1,"repeated":1,"dropped":0}"#
            )
            #expect(try ask(["payment"], path, as: .nothing).failure?.status == 403)
            let viewer = try plane.key(.viewer)
            let denied = try ask(
                ["checkout-1"],
                "/t/\(viewer.id).\(viewer.secret)/v1/telemetry",
                as: .nothing
            )
            #expect(denied.failure?.status == 403)
            #expect(
                try plane.ask(Ask("GET", "/v1/telemetry?target=checkout-1", as: key.bearer)).status == 403
            )
        }
    }

    @Test func `another account's target of the same name is another`() async throws {
        try await withPlane { plane in
            let theirs = try plane.key(.admin, account: try plane.account("222222222222"))
            let arn = Sample.encoded(Sample.arn)
            try await write(plane, [Self.full])
            let read = try plane.ask(Ask("GET", "/v1/telemetry?target=\(arn)", as: theirs.bearer))
            #expect(read.json?["samples"]?.elements?.allSatisfy { $0["invocations"] == 0 } == true)
            #expect(try samples(plane, "target=\(arn)").contains { $0["invocations"] == 10 })
        }
    }

    @Test func `what was reported last is written as the node stops`() async throws {
        try await withDatabaseURL { database, url in
            let plane = try Plane(url: url)
            try await plane.run {
                try await plane.boot()
                #expect(try plane.ask("POST", "/v1/telemetry", ["reports": [Self.full]]).json?["taken"] == 1)
            }
            let again = try Plane(url: url) { $0.masterKeyPath = plane.folder.path + "/master.key" }
            try await again.run {
                try await again.boot()
                #expect(try samples(again, "target=checkout").contains { $0["invocations"] == 10 })
            }
        }
    }

    @Test func `reports are taken while the database is away`() async throws {
        try await withDatabaseURL { database, url in
            let plane = try Plane(url: url)
            try await plane.run {
                try await plane.boot()
                let bearer = try plane.admin.bearer
                try await database.withNobodyLetIn {
                    let ask = Ask("POST", "/v1/telemetry", as: bearer, ["reports": [Self.full]])
                    let answer = try plane.ask(ask)
                    #expect(answer.json?["taken"] == 1)
                }
                let isThere = try await plane.soon {
                    try plane.ask("GET", "/v1/telemetry?target=checkout").json?["samples"]?.elements?.contains
                    {
                        $0["invocations"] == 10
                    } ?? false
                }
                #expect(isThere)
            }
        }
    }
}
