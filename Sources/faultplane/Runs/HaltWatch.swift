import Base

/// Follows a halt until everybody is off: a block drawn again and again on a terminal, else a line whenever the counts change.
struct HaltWatch {
    let plane: Plane
    private var screen = Screen()
    private var shown: String?

    private static let pause: Duration = .milliseconds(200)

    init(_ plane: Plane) { self.plane = plane }

    /// The proof as it is at the end, or when the time is up; a plane that does not answer meanwhile is asked again.
    mutating func follow(_ first: JSON, until deadline: Instant) async -> JSON {
        var proof = first
        while !Halt(proof).isOver, Instant.now < deadline {
            show(Halt(proof))
            try? await Task.sleep(for: Self.pause)
            do throws(PlaneError) {
                proof = try plane.ask("GET", "/emergency-stop")
            } catch {
                note("not answered, asking again: \(error)")
            }
        }
        // The block makes room for what is said of the end.
        if let size = Terminal.size { Terminal.say(screen.draw([], columns: size.columns, rows: size.rows)) }
        return proof
    }

    private mutating func show(_ halt: Halt) {
        guard let size = Terminal.size else {
            if halt.concernsInstances { note("instances   \(halt.instances)") }
            return
        }
        let lines = halt.lines + halt.silent
        Terminal.say(screen.draw(lines, columns: size.columns, rows: size.rows))
    }

    /// A line, unless the last one was the same.
    private mutating func note(_ line: String) {
        if shown == line { return }
        shown = line
        Terminal.complain(Output.printable(line) + "\n")
    }
}
