import Base
import Glibc

extension Command {
    static let start = Command(
        name: "start",
        usage: "TEMPLATE [--wait] [flags]",
        summary: "Start a run of a template, and follow it to its end if asked to.",
        flags: [
            .taking("tag", "NAME=VALUE", "a tag of the run; may be given several times"),
            .toggle("preview", "resolve the targets, and skip every action"),
            .taking(
                "client-token",
                "TOKEN",
                default: "a new one",
                "a start repeated with the same token gives the same run"
            ),
            .toggle("wait", "follow the run to its end, as watch does"),
            .taking("timeout", "DURATION", "how long to wait at most, such as 90s, 5m or PT1H30M"),
        ] + Plane.flags,
        notes: """
            Ctrl-C ends the waiting and not the run. With --json the answer is one line, and with --wait each event is
            one more.

            \(exitCodesOfRuns)
            or the time was up, 130 after Ctrl-C. Without --wait a run that was started counts as a good end.
            """,
        run: { arguments in try await StartRun(arguments).run() }
    )
}

/// One `faultplane start`.
private struct StartRun {
    let arguments: Arguments
    let template: String
    let tags: [JSON.Member]
    let timeout: Duration?
    let isWaiting: Bool

    init(_ arguments: Arguments) throws(UsageError) {
        self.arguments = arguments
        template = try arguments.template(of: "start")
        tags = try Self.tags(arguments.all("tag"))
        timeout = try arguments.duration("timeout")
        isWaiting = arguments.isSet("wait")
        if timeout != nil, !isWaiting { throw UsageError("--timeout is for use with --wait") }
    }

    func run() async throws {
        let deadline = timeout.map { Instant.now + $0 }
        let plane = try Plane(arguments)
        Signals.onEnd { number in
            Self.leave("nobody knows yet whether the run has started: faultplane status shows it", number)
        }
        let answer = try plane.ask("POST", "/experiments", body)
        guard let view = RunView(answer) else { throw PlaneError.garbled(plane: plane.name) }
        let stop = "faultplane stop \(view.id)\(plane.flags)"
        Signals.onEnd { number in Self.leave("\(view.id) goes on; to stop it: \(stop)", number) }
        if arguments.isSet("json") {
            Terminal.say(String(decoding: answer.encoded, as: UTF8.self) + "\n")
        } else {
            let watch = "to watch it: faultplane watch \(view.id)\(plane.flags)\n"
            let hints = view.isOver ? "" : "\(isWaiting ? "" : watch)to stop it:  \(stop)\n"
            Terminal.say("\(view.id)\n\(hints)")
            if let queue = view.queue { Terminal.complain(Output.printable("\(view.id) is \(queue)") + "\n") }
            for warning in (answer["warnings"]?.elements ?? []).compactMap(\.text) {
                Terminal.complain("warning: \(Output.printable(warning))\n")
            }
        }
        guard isWaiting else {
            if view.isOver { try view.requireCompleted() }
            return
        }
        guard let end = try await RunWatch(view, of: plane, .init(arguments)).follow(until: deadline) else {
            throw CommandFailure(
                message: "the time is up, and \(view.id) goes on; to stop it: \(stop)",
                code: PlaneError.notAsked
            )
        }
        try end.requireCompleted()
    }

    private var body: JSON {
        var members: [JSON.Member] = [
            .init("clientToken", .string(arguments["client-token"] ?? Random.token(32))),
            .init("experimentTemplateId", .string(template)),
        ]
        if !tags.isEmpty { members.append(.init("tags", .object(tags))) }
        if arguments.isSet("preview") {
            members.append(.init("experimentOptions", ["actionsMode": "skip-all"]))
        }
        return .object(members)
    }

    private static func tags(_ given: [String]) throws(UsageError) -> [JSON.Member] {
        var tags: [JSON.Member] = []
        for text in given {
            guard let equals = text.firstIndex(of: "="), equals != text.startIndex else {
                throw UsageError("--tag is \"\(text)\": NAME=VALUE is accepted")
            }
            let name = String(text[..<equals])
            if tags.contains(where: { $0.name == name }) {
                throw UsageError("--tag names \"\(name)\" twice: a name is accepted once")
            }
            tags.append(.init(name, .string(String(text[text.index(after: equals)...]))))
        }
        return tags
    }

    /// Ends the process at once: another thread is still deep in its question.
    private static func leave(_ message: String, _ number: CInt) -> Never {
        Terminal.complain("\nfaultplane: \(message)\n")
        _exit(128 + number)
    }
}
