import SafetyLever
import Testing

/// When something bad counts, and when silence does.
@Suite struct ConditionStateTests {
    private static let second: Int64 = 1_000_000_000

    /// What each finding comes to, one every three seconds: `c` clear, `b` bad, `u` unreadable.
    private static func verdicts(_ findings: String, _ rule: ConditionRule = ConditionRule()) -> [String] {
        var state = ConditionState()
        var rule = rule
        rule.pace = 3 * second
        return findings.enumerated().map { place, letter in
            let finding: ConditionFinding =
                switch letter {
                case "c": .clear
                case "b": .breached
                default: .unreadable
                }
            return state.take(finding, at: Int64(place) * 3 * second, by: rule).rawValue
        }
    }

    struct Case: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let findings: String
        var rule = ConditionRule()
        let verdicts: [String]
    }

    private static let cases = [
        Case(
            testDescription: "without more one bad reading counts",
            findings: "cbc",
            verdicts: ["clear", "breached", "clear"]
        ),
        Case(
            testDescription: "it must be bad for as long as the rule asks for",
            findings: "bbbb",
            rule: ConditionRule(hold: 6 * second),
            verdicts: ["breaching", "breaching", "breached", "breached"]
        ),
        Case(
            testDescription: "one good reading begins the time anew",
            findings: "bbcbbb",
            rule: ConditionRule(hold: 6 * second),
            verdicts: ["breaching", "breaching", "clear", "breaching", "breaching", "breached"]
        ),
        Case(
            testDescription: "what cannot be read does not make a bad one well",
            findings: "bub",
            rule: ConditionRule(hold: 6 * second),
            verdicts: ["breaching", "unread", "breached"]
        ),
        Case(
            testDescription: "two of the last three",
            findings: "bccbcbb",
            rule: ConditionRule(breaches: 2, of: 3),
            verdicts: ["breaching", "clear", "clear", "breaching", "clear", "breached", "breached"]
        ),
        Case(
            testDescription: "silence counts after fifteen seconds since the last reading",
            findings: "cuuuuucu",
            verdicts: ["clear", "unread", "unread", "unread", "unread", "unreadable", "clear", "unread"]
        ),
        Case(
            testDescription: "what was never read counts from the first question",
            findings: "uuuuuu",
            verdicts: ["unread", "unread", "unread", "unread", "unread", "unreadable"]
        ),
    ]

    @Test(arguments: cases) func `verdicts`(_ one: Case) {
        #expect(Self.verdicts(one.findings, one.rule) == one.verdicts)
    }

    @Test func `time in which nobody looked does not count as silence`() {
        var state = ConditionState()
        let rule = ConditionRule(pace: 3 * Self.second)
        #expect(state.take(.clear, at: 0, by: rule) == .clear)
        #expect(state.take(.unreadable, at: 60 * Self.second, by: rule) == .unread)
        #expect(state.take(.unreadable, at: 71 * Self.second, by: rule) == .unread)
        #expect(state.unreadableSince(71 * Self.second, by: rule) == 57 * Self.second)
        // Half a second before it is time, and no look comes so soon again; or with a look that takes as long.
        var slow = state
        #expect(slow.take(.unreadable, at: 71 * Self.second, took: Self.second / 2, by: rule) == .unreadable)
        #expect(state.take(.unreadable, at: 71 * Self.second + Self.second / 2, by: rule) == .unreadable)
        #expect(state.take(.clear, at: 73 * Self.second, by: rule) == .clear)
        #expect(state.failedAt == nil)
    }

    @Test func `a clock that ran back neither makes time pass nor takes it back`() {
        var state = ConditionState()
        let rule = ConditionRule(hold: 5 * Self.second)
        #expect(state.take(.breached, at: 100 * Self.second, by: rule) == .breaching)
        #expect(state.take(.breached, at: 10 * Self.second, by: rule) == .breaching)
        #expect(state.readAt == 100 * Self.second)
        #expect(state.take(.breached, at: 105 * Self.second, by: rule) == .breached)
    }

    @Test func `no more readings are remembered than the rule asks for`() {
        var state = ConditionState()
        let rule = ConditionRule(breaches: 2, of: 3)
        for moment in 0..<20 { _ = state.take(.clear, at: Int64(moment), by: rule) }
        #expect(state.recent == [false, false, false])
    }

    @Test func `only what ends a run does`() {
        #expect(ConditionVerdict.allCases.filter(\.endsRun) == [.breached, .unreadable])
        #expect(ConditionVerdict.allCases.filter { !$0.isRead } == [.unread, .unreadable])
    }
}
