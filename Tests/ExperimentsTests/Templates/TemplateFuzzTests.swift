import Base
import Experiments
import Testing

@Suite struct TemplateFuzzTests {
    private static let names = [
        "", "description", "targets", "actions", "parameters", "startAfter", "Wait", "Delay", "Stop",
        "Checkout", "Tasks",
        "Functions", "value", "source", "a b", "e\u{301}", "\u{0}\u{1B}[2J",
    ]

    private static let values: [JSON] = [
        .null, true, 0, .integer(.min), .integer(.max), .number(1e308), "", "none", "PT1M", "P99999999999D",
        "COUNT(0)",
        "COUNT(9223372036854775808)", "PERCENT(50)", "aws:fis:wait", "aws:lambda:invocation-error",
        "aws:eks:pod", "Wait",
        "Delay", "arn:::::", "arn:aws:lambda:us-east-1:1:function:a", "\u{0}\u{202E}\n", ",,,", "{}", [], [:],
        ["Delay", "Stop"],
        .string(long(3_000, "\u{1F468}")), .array((0..<200).map { .integer($0) }),
        .object((0..<200).map { .init("\($0)", "v") }),
    ]

    /// Whatever is changed, the answer is a template or what is wrong with it, in words that can be shown.
    @Test(arguments: 0..<8) func `damaged templates are read or refused`(seed: Int) throws {
        var generator = SplitMix64(seed: UInt64(seed))
        let full = try Draft.full.template()
        var read = 0
        for _ in 0..<120 {
            var json = (Bool.random(using: &generator) ? Draft.small : Draft.full).json
            for _ in 0..<Int.random(in: 1...3, using: &generator) { json = damaged(json, using: &generator) }
            do throws(TemplateProblems) {
                let template = try ExperimentTemplate.read(json)
                read += 1
                let kept = try? JSON(parsing: Array(template.storedText.utf8))
                #expect(try ExperimentTemplate(stored: kept ?? .null) == template)
                #expect(try ExperimentTemplate.read(template.json) == template)
                #expect(try template.updated(by: [:]) == template)
            } catch {
                check(error)
            }
            _ = try? ExperimentTemplate(stored: json)
            _ = try? full.updated(by: json)
        }
        #expect(read > 3, "the damage is so great that nothing is ever read")
    }

    private func check(_ error: TemplateProblems) {
        #expect(!error.problems.isEmpty)
        for problem in error.problems {
            let isShowable = problem.message.unicodeScalars.allSatisfy {
                $0.value >= 0x20 && $0 != "\u{7F}" && $0 != "\u{202E}"
            }
            #expect(isShowable && problem.message.count < 2_000, "\(problem.path.debugDescription)")
        }
    }

    /// Goes down a random way, and changes, drops or adds something at its end.
    private func damaged(_ json: JSON, using generator: inout SplitMix64) -> JSON {
        if Int.random(in: 0..<6, using: &generator) > 0 {
            if case .object(var members) = json, let place = members.indices.randomElement(using: &generator)
            {
                switch Int.random(in: 0..<12, using: &generator) {
                case 0: members.remove(at: place)
                case 1:
                    let name = Self.names.randomElement(using: &generator) ?? ""
                    if !members.contains(where: { $0.name == name }) { members[place].name = name }
                case 2: members.shuffle(using: &generator)
                default: members[place].value = damaged(members[place].value, using: &generator)
                }
                return .object(members)
            }
            if case .array(var elements) = json, let place = elements.indices.randomElement(using: &generator)
            {
                switch Int.random(in: 0..<8, using: &generator) {
                case 0: elements.remove(at: place)
                case 1: elements.append(elements[place])
                default: elements[place] = damaged(elements[place], using: &generator)
                }
                return .array(elements)
            }
        }
        return Self.values.randomElement(using: &generator) ?? .null
    }

    @Test func `a template as large as the limits, wrong everywhere, is refused in good time`() {
        let names = (0..<100).map { "A\($0)" }
        let wrong: JSON = [
            "actionId": "aws:lambda:invocation-add-delay",
            "parameters": .object((0..<100).map { .init("p\($0)", "") }),
            "targets": .object((0..<100).map { .init("T\($0)", "x") }),
            "startAfter": .array((0..<100).map { .string("gone\($0)") }),
        ]
        let draft = Draft.small.with([.set("actions", .object(names.map { .init($0, wrong) }))])
        let clock = ContinuousClock()
        var count = 0
        let time = clock.measure { count = draft.problems().count }
        #expect(count == 100 * (200 + 1 + 100 + 100))
        // It takes well under a second; were it quadratic in its problems, it would be minutes.
        #expect(time < .seconds(20), "\(time)")
    }
}
