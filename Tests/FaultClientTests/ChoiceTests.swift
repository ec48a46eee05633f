import Base
import Testing

@testable import FaultClient

/// Which invocations a fault is for, and which faults hold beside each other.
@Suite struct ChoiceTests {
    private static func injected(_ parameters: [String: String], _ count: Int) -> [Int] {
        var lab = Lab()
        lab.told(1, [Lab.fault("EXP1/Delay", Lab.delay, parameters)])
        return (1...count).filter { !lab.injector.injections(for: "request-\($0)", at: lab.reading).isEmpty }
    }

    @Test func `a share of invocations is chosen by the formula that is written down`() {
        let chosen = Self.injected(["invocationPercentage": "30"], 2_000)
        #expect((540...660).contains(chosen.count), "\(chosen.count)")
        for number in 1...50 {
            let digest = Hash.sha256(Array("salt of EXP1/Delay:request-\(number)".utf8))
            let value = (0..<4).reduce(0.0) { $0 * 256 + Double(digest[$1]) }
            #expect(chosen.contains(number) == (value / 4_294_967_296 * 100 < 30), "\(number)")
        }
        #expect(Self.injected(["invocationPercentage": "0"], 200) == [])
        #expect(Self.injected(["invocationPercentage": "100"], 200).count == 200)
    }

    @Test func `two faults choose independently, and each alike everywhere`() throws {
        let rule = try #require(InvocationRule(Lab.fault("a", Lab.delay, ["invocationPercentage": "50"])))
        let requests = (0..<1_000).map { "request-\($0)" }
        let (first, second) = (
            requests.map { rule.chooses($0, salt: "a") }, requests.map { rule.chooses($0, salt: "b") }
        )
        let both = zip(first, second).count { $0 && $1 }
        #expect((200...300).contains(both), "\(both)")
        #expect(first == requests.map { rule.chooses($0, salt: "a") })
    }

    @Test func `every n-th invocation is chosen, and no more than there may be`() {
        #expect(Self.injected(["everyNth": "3"], 10) == [3, 6, 9])
        #expect(Self.injected(["maxInvocations": "2"], 10) == [1, 2])
        #expect(Self.injected(["everyNth": "2", "maxInvocations": "2"], 10) == [2, 4])
    }

    @Test(arguments: [
        ["invocationPercentage": "-1"], ["invocationPercentage": "101"], ["invocationPercentage": "nan"],
        ["everyNth": "0"], ["everyNth": "x"], ["maxInvocations": "0"], ["maxInvocations": "1.5"],
    ])
    func `what cannot be understood injects nothing`(_ parameters: [String: String]) {
        #expect(Self.injected(parameters, 20) == [])
    }

    @Test func `counts go on through other versions, and end with their fault`() {
        var lab = Lab()
        let limited = Lab.fault("EXP1/Delay", Lab.delay, ["maxInvocations": "1"])
        lab.told(1, [limited])
        #expect(lab.injector.injections(for: "a", at: lab.reading).count == 1)
        lab.told(2, [limited, Lab.fault("EXP2/Error", Lab.error)])
        #expect(lab.injector.injections(for: "b", at: lab.reading).map(\.id) == ["EXP2/Error"])
        lab.told(3, [])
        lab.told(4, [limited])
        #expect(lab.injector.injections(for: "c", at: lab.reading).count == 1)
    }

    @Test func `different faults add up, and of those that exclude each other the first holds`() {
        var lab = Lab()
        let faults = [
            Lab.fault("EXP2/Delay", Lab.delay, from: 0, to: 20),
            Lab.fault("EXP1/Delay", Lab.delay, from: -5, to: 10),
            Lab.fault("EXP3/Error", Lab.error, from: -1, to: 30),
            Lab.fault("EXP4/Answer", Lab.response, from: -2, to: 12),
        ]
        lab.told(1, faults, Lab.terms(lease: 100))
        #expect(Set(lab.on()) == ["EXP1/Delay", "EXP4/Answer"])
        lab.pass(10)
        #expect(Set(lab.on()) == ["EXP2/Delay", "EXP4/Answer"], "the later one takes over")
        lab.pass(2)
        #expect(Set(lab.on()) == ["EXP2/Delay", "EXP3/Error"])
        lab.pass(8)
        #expect(lab.on() == ["EXP3/Error"], "with its own end")
    }

    @Test func `a fault that is used up makes room for the next`() {
        var lab = Lab()
        lab.told(
            1,
            [
                Lab.fault("EXP1/Delay", Lab.delay, from: -1, ["maxInvocations": "1"]),
                Lab.fault("EXP2/Delay", Lab.delay),
            ]
        )
        let ids = (0..<3).map { lab.injector.injections(for: "\($0)", at: lab.reading).map(\.id) }
        #expect(ids == [["EXP1/Delay"], ["EXP2/Delay"], ["EXP2/Delay"]])
    }
}
