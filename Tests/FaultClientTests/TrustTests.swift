import Base
import Testing

@testable import FaultClient

/// Until when an injector injects, and what of.
@Suite struct TrustTests {
    @Test func `a fault is on from its beginning to its end, by the server's clock`() {
        var lab = Lab()
        lab.told(1, [Lab.fault(from: 3, to: 9)], Lab.terms(lease: 20, at: 1))
        #expect(lab.on() == [])
        lab.pass(1.999)
        #expect(lab.on() == [])
        lab.pass(0.001)
        #expect(lab.on() == ["EXP1/Delay"])
        lab.pass(5.999)
        #expect(lab.on() == ["EXP1/Delay"])
        lab.pass(0.001)
        #expect(lab.on() == [])
    }

    @Test func `past its lease nothing is on, and the next answer brings it back`() {
        var lab = Lab()
        lab.told(1)
        lab.pass(14.9)
        #expect(lab.on() == ["EXP1/Delay"])
        lab.pass(0.1)
        #expect(lab.on() == [])
        lab.poll(.unchanged(version: 1, Lab.terms(at: 15)))
        #expect(lab.on() == ["EXP1/Delay"])
    }

    @Test func `what is told is trusted for its lease, a fault or none, and not past it`() {
        var lab = Lab()
        #expect(lab.isTrusted() == false)
        lab.told(1, [])
        lab.pass(14.9)
        #expect(lab.isTrusted() == true)
        lab.pass(0.1)
        #expect(lab.isTrusted() == false)
        lab.told(2, [])
        lab.poll(.degraded(reason: "no database", nextPoll: .seconds(2)))
        #expect(lab.isTrusted() == false)
    }

    @Test func `the lease counts from when the request was sent, and what it was held is given back`() {
        var lab = Lab()
        let poll = lab.injector.pollBegins(at: lab.reading)
        lab.pass(10)
        lab.injector.pollEnds(
            poll,
            .document(Lab.document(1), Lab.terms(lease: 5, held: 8, at: 9)),
            at: lab.reading
        )
        lab.pass(2.9)
        #expect(lab.on() == ["EXP1/Delay"])
        lab.pass(0.1)
        #expect(lab.on() == [])
    }

    @Test func `an answer that was read two hours late injects nothing`() {
        var lab = Lab()
        let poll = lab.injector.pollBegins(at: lab.reading)
        lab.pass(7_200)
        let late = Lab.document(1, [Lab.fault(to: 40_000)])
        lab.injector.pollEnds(poll, .document(late, Lab.terms()), at: lab.reading)
        #expect(lab.on() == [])
    }

    @Test func `a clock that is paused or set shortens trust and never lengthens it`() {
        var lab = Lab()
        let faults = [Lab.fault(to: 100_000)]
        lab.told(1, faults)
        // A paused machine: only the wall clock went on.
        lab.wall += 15
        #expect(lab.on() == [])
        lab.poll(.unchanged(version: 1, Lab.terms(at: 15)))
        #expect(lab.on() == ["EXP1/Delay"])
        lab.wall -= 3_600
        lab.pass(14.9)
        #expect(lab.on() == ["EXP1/Delay"])
        lab.pass(0.1)
        #expect(lab.on() == [])
        lab.poll(.unchanged(version: 1, Lab.terms(at: 30)))
        lab.wall += 3_600
        #expect(lab.on() == [])
    }

    @Test func `setting the wall clock forward begins nothing early`() {
        var lab = Lab()
        lab.told(1, [Lab.fault(from: 6, to: 60)])
        lab.wall += 8
        #expect(lab.on() == [])
        lab.pass(6)
        #expect(lab.on() == ["EXP1/Delay"], "it is still trusted for a second")
    }

    @Test func `a degraded answer ends everything at once, until a good one`() {
        var lab = Lab()
        lab.told(1)
        lab.poll(.degraded(reason: "no database for 11 s", nextPoll: .seconds(3)))
        #expect(lab.on() == [] && lab.injector.pause == .seconds(3))
        #expect(lab.injector.version == 1, "what is held is still held")
        lab.poll(.unchanged(version: 1, Lab.terms()))
        #expect(lab.on() == ["EXP1/Delay"])
    }

    @Test func `nothing lower than what was seen is taken, and it renews nothing`() {
        var lab = Lab()
        lab.told(1 << 32, [])
        lab.told(5)
        #expect(lab.on() == [] && lab.injector.version == 1 << 32)
        lab.told(1 << 32 | 6)
        #expect(lab.on() == ["EXP1/Delay"])
        lab.pass(14)
        lab.told(1 << 32 | 5)
        lab.pass(1)
        #expect(lab.on() == [])
    }

    @Test func `an answer about an older version renews nothing`() {
        var lab = Lab()
        lab.told(1)
        let old = lab.injector.pollBegins(at: lab.reading)
        lab.told(2, [Lab.fault("EXP2/Delay")])
        lab.pass(14)
        lab.injector.pollEnds(old, .unchanged(version: 1, Lab.terms(held: 14, at: 14)), at: lab.reading)
        lab.pass(1)
        #expect(lab.on() == [])
    }

    @Test func `the trust of a document is its own, not that of the one before`() {
        var lab = Lab()
        lab.told(1)
        lab.told(2, [Lab.fault()], Lab.terms(lease: 5))
        lab.pass(5)
        #expect(lab.on() == [])
    }

    @Test func `a later answer moves an end earlier and never later`() {
        var lab = Lab()
        lab.told(1, [Lab.fault(to: 10)])
        lab.pass(4)
        // The server's clock ran ahead.
        lab.poll(.unchanged(version: 1, Lab.terms(at: 6)))
        // And back.
        lab.poll(.unchanged(version: 1, Lab.terms(at: 2)))
        lab.told(2, [Lab.fault(to: 10)], Lab.terms(at: 2))
        lab.pass(3.9)
        #expect(lab.on() == ["EXP1/Delay"])
        lab.pass(0.1)
        #expect(lab.on() == [])
    }

    @Test func `another target's document is not taken`() {
        var lab = Lab()
        lab.poll(.document(TargetDocument(target: "other", version: 1, faults: [Lab.fault()]), Lab.terms()))
        #expect(lab.on() == [] && lab.injector.version == nil)
    }

    @Test func `what cannot be performed is rejected once for each version, and the rest goes on`() {
        var lab = Lab()
        let bad = Lab.fault("EXP1/Bad", Lab.error, ["invocationPercentage": "many"])
        lab.told(1, [Lab.fault(), bad, Lab.fault("EXP1/Stop", "aws:ec2:stop-instances")])
        #expect(lab.on() == ["EXP1/Delay"])
        let rejection = lab.injector.rejection()
        #expect(rejection?.version == 1 && rejection?.faults == ["EXP1/Bad", "EXP1/Stop"])
        #expect(
            rejection?.reason == "EXP1/Bad: its parameters cannot be understood; "
                + "EXP1/Stop: aws:ec2:stop-instances cannot be performed here"
        )
        for _ in 0..<10 { #expect(lab.injector.rejection() == nil) }
        #expect(lab.injector.rejection() == rejection, "a server that was started anew has forgotten it")
        lab.told(2)
        #expect(lab.injector.rejection() == nil)
    }

    @Test func `whoever gets no answer asks again, less and less often, spread out`() {
        var lab = Lab()
        lab.told(1, [], Lab.terms(next: 60))
        #expect(lab.injector.pause == .seconds(60))
        var pauses: [Duration] = []
        for _ in 0..<7 {
            lab.injector.pollFailed(chance: 1)
            pauses.append(lab.injector.pause)
        }
        #expect(pauses == [0.25, 0.5, 1, 2, 4, 5, 5].map { .seconds($0) })
        lab.injector.pollFailed(chance: 0)
        #expect(lab.injector.pause == .seconds(2.5))
        lab.injector.pollFailed(retryAfter: .seconds(9), chance: 0)
        #expect(lab.injector.pause == .seconds(9))
    }
}
