import Base
import Testing

@testable import FaultClient

/// A server that tells the truth, a network that loses, holds back, doubles and reorders, and an injector whose machine is stopped,
/// paused and set to other times, all in one true time; it knows what may be injected, and holds the injector to it.
struct World {
    /// What the server says, from a moment of true time on.
    struct Edition {
        let from: Double
        let document: TargetDocument
    }

    /// An answer under way.
    struct Letter {
        let poll: Poll
        let answer: PollAnswer
        /// When it was given, and until when it may be trusted at the longest.
        let given: Double
        let trustedUntil: Double
        var arrives: Double
    }

    var random: SplitMix64
    var lab = Lab()
    /// True time, in seconds.
    var now = 0.0
    var editions = [Edition(from: 0, document: Lab.document(1, []))]
    var letters: [Letter] = []
    /// The answers that the injector has seen.
    var seen: [Letter] = []
    /// Whether the last thing it was told is that nobody is sure.
    var isUnsure = false
    private var change: Int64 = 1
    private var epoch: Int64 = 0
    private var number = 0
    /// How often something was on when it was looked at, so that a walk in which nothing ever is on shows.
    var looks = (on: 0, off: 0)

    init(seed: UInt64) { random = SplitMix64(seed: seed) }

    private mutating func chance(_ share: Double) -> Bool {
        Double(random.draw(below: 1_000)) < share * 1_000
    }

    private mutating func draw(_ limit: Double) -> Double {
        limit * Double(random.draw(below: 1_000)) / 1_000
    }

    mutating func step() {
        switch random.draw(below: 12) {
        case 0: publish()
        case 1: halt()
        case 2...6: poll()
        case 7: pass(draw(30))
        case 8: pause(draw(40))
        case 9: lab.wall += draw(7_200) - 3_600
        default: pass(draw(3))
        }
        // Setting the clock back in the very moment of a pause would hide the pause: a reading comes between.
        check()
        deliver()
        check()
    }

    private mutating func publish() {
        change += 1
        number += 1
        let begin = now + draw(6) - 1
        var faults = editions[editions.count - 1].document.faults.filter { _ in chance(0.7) }
        let action = [Lab.delay, Lab.error, Lab.response][random.draw(below: 3)]
        faults.append(Lab.fault("EXP\(number)/A", action, from: begin, to: begin + 1 + draw(60)))
        issue(faults)
    }

    private mutating func halt() {
        epoch += 1
        issue([])
    }

    private mutating func issue(_ faults: [TargetFault]) {
        editions.append(Edition(from: now, document: Lab.document(epoch << 32 | change, faults)))
    }

    /// True time passes, and both clocks of the injector with it.
    private mutating func pass(_ seconds: Double) {
        now += seconds
        lab.pass(seconds)
    }

    /// The machine is paused: one clock stands still.
    private mutating func pause(_ seconds: Double) {
        now += seconds
        lab.wall += seconds
    }

    /// A poll is sent, perhaps some time after the clocks were read, and answered, perhaps by a node that is behind.
    private mutating func poll() {
        let poll = lab.injector.pollBegins(at: lab.reading)
        if chance(0.1) { pass(draw(20)) }
        let arrived = now + draw(0.2)
        let given = arrived + (chance(0.5) ? draw(10) : 0)
        let answers = 1 + (chance(0.1) ? 1 : 0) - (chance(0.15) ? 1 : 0)
        guard answers > 0 else {
            lab.injector.pollFailed(chance: draw(1))
            return
        }
        let lag = chance(0.2) ? draw(1) : 0
        let known = editions.last { $0.from <= given - lag } ?? editions[0]
        let lease = 15 - draw(9)
        let terms = Lab.terms(lease: lease, held: given - arrived, at: given)
        let answer: PollAnswer
        if chance(0.1) || known.document.version < poll.named ?? 0 {
            answer = .degraded(reason: "not sure", nextPoll: .seconds(2))
        } else if known.document.version == poll.named {
            answer = .unchanged(version: known.document.version, terms)
        } else {
            answer = .document(known.document, terms)
        }
        for _ in 0..<answers {
            let delay = chance(0.2) ? draw(60) : draw(0.3)
            letters.append(
                Letter(
                    poll: poll,
                    answer: answer,
                    given: given,
                    trustedUntil: given + lease,
                    arrives: given + delay
                )
            )
        }
    }

    private mutating func deliver() {
        for letter in letters.filter({ $0.arrives <= now }).sorted(by: { $0.arrives < $1.arrives }) {
            lab.injector.pollEnds(letter.poll, letter.answer, at: lab.reading)
            seen.append(letter)
            if case .degraded = letter.answer { isUnsure = true } else { isUnsure = false }
        }
        letters.removeAll { $0.arrives <= now }
    }

    /// What is injected now must be on, told, trusted, and of the highest version that was ever told.
    private mutating func check() {
        let on = lab.injector.active(at: lab.reading)
        looks.on += on.isEmpty ? 0 : 1
        looks.off += on.isEmpty ? 1 : 0
        if on.isEmpty { return }
        let version = lab.injector.version ?? -1
        let told = seen.compactMap(\.version).max() ?? -1
        #expect(version == told, "something lower was taken")
        #expect(!isUnsure, "the last answer said that nobody is sure")
        let trust = seen.filter { $0.version == version }.map(\.trustedUntil).max() ?? 0
        #expect(now < trust, "injected \(now - trust) s after the last answer could be trusted")
        let edition = editions.first { $0.document.version == version }?.document
        for fault in on {
            #expect(edition?.faults.contains(fault) == true, "\(fault.id) is not in version \(version)")
            #expect(now >= fault.notBefore - Lab.start - 1e-6, "\(fault.id) is early")
            #expect(
                now < fault.notAfter - Lab.start + 1e-6,
                "\(fault.id) is late by \(now - fault.notAfter + Lab.start) s"
            )
        }
    }
}

extension World.Letter {
    /// The version it vouches for.
    var version: Int64? {
        switch answer {
        case .document(let document, _): document.version
        case .unchanged(let version, _): version
        case .degraded: nil
        }
    }
}
