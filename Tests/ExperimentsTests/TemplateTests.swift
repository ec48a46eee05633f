import Experiments
import Testing

@Suite struct TemplateTests {
    @Test("an action's parameter is found by its name, and one not given is nil")
    func parameter() {
        let action = TemplateAction(
            name: "Wait",
            actionID: "aws:fis:wait",
            parameters: [.init("duration", "PT1M")]
        )
        #expect(action.parameter("duration") == "PT1M")
        #expect(action.parameter("percentage") == nil)
    }
}
