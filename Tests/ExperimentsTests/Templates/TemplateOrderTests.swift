import Base
import Experiments
import Testing

/// What the order of a template's actions is held to.
@Suite struct TemplateOrderTests {
    private static let nameWords = "a name of 1 to 64 characters without spaces is accepted"

    private static let refused: [Case<[Draft.Change], [String]>] = [
        Case(
            "after an action that there is not",
            [.set("actions.Delay.startAfter", ["Wait", "Coffee"])],
            [
                #"actions.Delay.startAfter[1] is "Coffee": the name of an action of this template is accepted"#
            ]
        ),
        Case(
            "after itself",
            [.set("actions.Delay.startAfter", ["Delay"])],
            [
                #"actions.Delay.startAfter[0] is "Delay": the name of another action than itself is accepted"#
            ]
        ),
        Case(
            "after one twice, and after what is no name",
            [.set("actions.Delay.startAfter", ["Wait", "Wait", 1, "a b"])],
            [
                #"actions.Delay.startAfter[1] is "Wait", which is there already"#,
                "actions.Delay.startAfter[2] is a number: \(nameWords)",
                #"actions.Delay.startAfter[3] is "a b": \#(nameWords)"#,
            ]
        ),
        Case(
            "two in a circle",
            [.set("actions.Wait.startAfter", ["Delay"])],
            [
                "actions.Wait.startAfter makes a cycle, Wait after Delay after Wait: an order with a beginning is accepted"
            ]
        ),
        Case(
            "three in a circle, which a fourth waits for",
            [
                .set("actions.Wait.startAfter", ["A"]), .set("actions.B", wait(after: "Delay")),
                .set("actions.A", wait(after: "B")),
            ],
            [
                "actions.Wait.startAfter makes a cycle, Wait after A after B after Delay after Wait: "
                    + "an order with a beginning is accepted"
            ]
        ),
        Case(
            "two circles",
            [
                .set("actions.Wait.startAfter", ["Delay"]), .set("actions.A", wait(after: "B")),
                .set("actions.B", wait(after: "A")),
            ],
            [
                "actions.Wait.startAfter makes a cycle, Wait after Delay after Wait: an order with a beginning is accepted",
                "actions.A.startAfter makes a cycle, A after B after A: an order with a beginning is accepted",
            ]
        ),
    ]

    private static func wait(after name: String) -> JSON {
        ["actionId": "aws:fis:wait", "parameters": ["duration": "PT1M"], "startAfter": [.string(name)]]
    }

    @Test(arguments: refused) func `refuses`(_ row: Case<[Draft.Change], [String]>) {
        #expect(Draft.small.with(row.input).problems() == row.output)
    }

    @Test func `a chain as long as the limit is walked, and a circle of that length is named`() {
        func chain(closed: Bool) -> Draft {
            var members: [JSON.Member] = []
            for number in 0..<100 {
                let before = number == 0 ? (closed ? 99 : nil) : number - 1
                members.append(
                    .init(
                        "A\(number)",
                        [
                            "actionId": "aws:fis:wait", "parameters": ["duration": "PT1M"],
                            "startAfter": .array(before.map { [.string("A\($0)")] } ?? []),
                        ]
                    )
                )
            }
            return Draft.small.with([.remove("targets"), .set("actions", .object(members))])
        }
        #expect(chain(closed: false).problems() == [])
        let problems = chain(closed: true).problems()
        #expect(problems.count == 1)
        #expect(
            problems.first?.hasPrefix("actions.A0.startAfter makes a cycle, A0 after A99 after A98 after")
                == true
        )
    }
}
