import Base

/// Makes up invocations, and looks whether something began or ended by itself; it never waits for a poll.
struct InvocationLoop {
    private static let glance: Duration = .milliseconds(100)

    private let options: Options
    private let instance: Locked<Instance>
    /// How long it is from one invocation to the next.
    private let period: Duration?

    init(_ options: Options, _ instance: Locked<Instance>) {
        self.options = options
        self.instance = instance
        period = options.rate.map { .seconds(1 / $0) }
    }

    func run() -> Never {
        var next = Instant.now
        while true {
            let now = Instant.now
            if let period, next <= now {
                options.say(invoke())
                // A thread that was held up catches up a little, and one that was frozen does not do all that it missed.
                next = max(next + period, now + (.zero - Self.glance))
            }
            options.say(instance.withLock { $0.change() })
            let wake = period == nil ? now + Self.glance : min(next, now + Self.glance)
            _ = try? Readiness.wait(for: [], until: wake)
        }
    }

    private func invoke() -> String? {
        do throws(SystemError) {
            return try instance.withLock { instance throws(SystemError) in try instance.invoke() }
        } catch {
            Program.fail("the record cannot be kept: \(error)", code: 1)
        }
    }
}
