import Base
import Testing

@testable import FaultClient

/// An injector with clocks that a test moves, and answers as a server gives them.
struct Lab {
    static let target = "arn:aws:lambda:us-east-1:000000000000:function:checkout"
    static let delay = "aws:lambda:invocation-add-delay"
    static let error = "aws:lambda:invocation-error"
    static let response = "aws:lambda:invocation-http-integration-response"
    /// Server time, in seconds, when the test begins.
    static let start = 1_790_000_000.0

    var injector = Injector(target: Lab.target, actions: [Lab.delay, Lab.error, Lab.response])
    /// Seconds since the test began, for each clock of the injector.
    var boot = 0.0
    var wall = 0.0

    var reading: ClockReading {
        ClockReading(
            boot: Instant(nanoseconds: Int64(boot * 1e9)),
            wall: Timestamp(nanoseconds: 1_700_000_000_000_000_000 + Int64(wall * 1e9))
        )
    }

    mutating func pass(_ seconds: Double) {
        boot += seconds
        wall += seconds
    }

    static func terms(
        lease: Double = 15,
        held: Double = 0,
        at time: Double = 0,
        next: Double = 0
    ) -> AnswerTerms {
        AnswerTerms(
            lease: .seconds(lease),
            held: .seconds(held),
            time: Timestamp(seconds: start + time),
            nextPoll: .seconds(next)
        )
    }

    /// A fault that is on between two moments of server time.
    static func fault(
        _ id: String = "EXP1/Delay",
        _ action: String = delay,
        from begin: Double = 0,
        to end: Double = 60,
        _ parameters: [String: String] = [:]
    ) -> TargetFault {
        TargetFault(
            id: id,
            experimentID: "EXP1",
            actionID: action,
            parameters: parameters,
            salt: "salt of \(id)",
            notBefore: start + begin,
            notAfter: start + end
        )
    }

    static func document(_ version: Int64, _ faults: [TargetFault] = [fault()]) -> TargetDocument {
        TargetDocument(target: target, version: version, faults: faults)
    }

    /// One poll whose answer comes at once.
    mutating func poll(_ answer: PollAnswer) {
        let poll = injector.pollBegins(at: reading)
        injector.pollEnds(poll, answer, at: reading)
    }

    mutating func told(_ version: Int64, _ faults: [TargetFault] = [fault()], _ terms: AnswerTerms = terms())
    {
        poll(.document(Self.document(version, faults), terms))
    }

    mutating func isTrusted() -> Bool { injector.isTrusted(at: reading) }

    /// The ids of what is on now.
    mutating func on() -> [String] { injector.active(at: reading).map(\.id) }
}
