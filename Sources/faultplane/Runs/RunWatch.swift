import Base
import WebClient

/// Follows one run to its end and shows what happens: a block drawn again and again on a terminal, else a line for each event.
final class RunWatch {
    enum Style {
        case terminal, lines, json

        init(_ arguments: Arguments) {
            self = arguments.isSet("json") ? .json : Terminal.size == nil ? .lines : .terminal
        }
    }

    private let plane: Plane
    private let style: Style
    private var view: RunView
    private var stream = EventStream()
    private var screen = Screen()
    private var hasEnded = false
    private var heardAt = Instant.now
    /// What stands below the run while its plane does not answer.
    private var trouble: String?

    /// How long a plane that answered before may be away; a server is started again sooner.
    private static let patience: Duration = .seconds(60)
    private static let pause: Duration = .milliseconds(500)

    init(_ view: RunView, of plane: Plane, _ style: Style) {
        self.view = view.atStart
        self.plane = plane
        self.style = style
    }

    /// The run as it is at its end; nil where the time was up before.
    func follow(until deadline: Instant? = nil) async throws -> RunView? {
        while true {
            do throws(PlaneError) {
                try listen(until: deadline)
                if hasEnded { return try ended() }
                lost("the server ended the stream")
            } catch {
                if error.exitCode != PlaneError.notAsked { throw error }
                // What is lost when there is no time to look again is the end of the time and no trouble.
                if let deadline, Instant.now + Self.pause >= deadline {
                    try? await Task.sleep(for: max(.zero, deadline - .now))
                    return nil
                }
                if Instant.now - heardAt > Self.patience { throw error }
                lost(error.description)
            }
            try? await Task.sleep(for: Self.pause)
        }
    }

    private func listen(until deadline: Instant?) throws(PlaneError) {
        stream.startAgain()
        let seen = stream.lastID.isEmpty ? [] : [WebHeader("Last-Event-ID", stream.lastID)]
        try plane.follow(
            "/experiments/\(view.id)/events",
            [WebHeader("Accept", "text/event-stream")] + seen,
            until: deadline
        ) { [self] bytes in
            heardAt = .now
            trouble = nil
            for event in stream.take(bytes) { happened(event) }
            draw()
        }
    }

    private func happened(_ event: EventStream.Event) {
        if event.name == "end" { hasEnded = true }
        guard event.name == "change", let json = try? JSON(parsing: Array(event.data.utf8)),
            let news = RunNews(json)
        else { return }
        view.happened(news)
        switch style {
        case .terminal: break
        case .lines: Terminal.say(news.line + "\n")
        case .json: Terminal.say(event.data + "\n")
        }
    }

    /// A run that no server could read was ended without an event, so the plane has the last word.
    private func ended() throws(PlaneError) -> RunView {
        if !view.isOver { view = try RunView.read(view.id, from: plane) }
        draw()
        return view
    }

    private func lost(_ why: String) {
        if trouble == nil, style != .terminal {
            Terminal.complain("faultplane: lost the run from sight, trying again: \(why)\n")
        }
        trouble = why
        draw()
    }

    private func draw() {
        guard style == .terminal, let size = Terminal.size else { return }
        let now = Timestamp.now
        var lines = [view.headline(at: now)] + view.table(at: now).lines.map { "  " + $0 }
        if let trouble { lines.append("lost from sight, trying again: " + Output.printable(trouble)) }
        Terminal.say(screen.draw(lines, columns: size.columns, rows: size.rows))
    }
}

extension RunView {
    static func read(_ id: String, from plane: Plane) throws(PlaneError) -> RunView {
        let answer = try plane.ask("GET", "/experiments/\(id)")
        guard let view = RunView(answer) else { throw .garbled(plane: plane.name) }
        return view
    }

    /// Fails the command unless the run is completed.
    func requireCompleted() throws(CommandFailure) {
        guard !isCompleted else { return }
        let why = reason.isEmpty ? "" : ": \(reason)"
        throw CommandFailure(message: Output.printable("\(id) is \(status)\(why)"), code: 1)
    }
}
