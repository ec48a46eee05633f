import Experiments
import Testing

@Suite struct NameTests {
    private static let names: [Case<String, Bool>] = [
        Case("as we make them", "EXTAdYntpx3iQhkMW", true),
        Case("longer ones of others", "EXT0123456789abcdefABCDEF", true),
        Case("one letter", "EXTa", true),
        Case("64 characters", "EXT" + String(repeating: "a", count: 61), true),
        Case("65 characters", "EXT" + String(repeating: "a", count: 62), false),
        Case("nothing behind the prefix", "EXT", false),
        Case("nothing", "", false),
        Case("the name of an experiment", "EXPAdYntpx3iQhkMW", false),
        Case("small letters in front", "extAdYntpx3iQhkMW", false),
        Case("a dash", "EXT-dYntpx3iQhkMW", false),
        Case("a space behind", "EXTAdYntpx3iQhkM ", false),
        Case("letters of another alphabet", "EXTécole", false),
        Case("digits of another alphabet", "EXT٣", false),
        Case("a null character", "EXTa\0", false),
    ]

    @Test(arguments: names) func `a template's name is its prefix with letters and digits`(
        _ row: Case<String, Bool>
    ) {
        #expect(TemplateID(row.input)?.description == (row.output ? row.input : nil))
        let experiment = row.input.hasPrefix("EXT") ? "EXP" + row.input.dropFirst(3) : row.input
        if row.input.hasPrefix("EXT") {
            #expect(ExperimentID(experiment)?.description == (row.output ? experiment : nil))
            #expect(ExperimentID(row.input) == nil)
        }
    }

    @Test func `names that we make are as long as those of FIS, readable, and new each time`() {
        let templates = (0..<50).map { _ in TemplateID.random() }
        #expect(templates.allSatisfy { $0.description.utf8.count == 17 && TemplateID($0.description) == $0 })
        #expect(Set(templates).count == 50)
        let experiments = (0..<50).map { _ in ExperimentID.random() }
        #expect(
            experiments.allSatisfy { $0.description.utf8.count == 18 && ExperimentID($0.description) == $0 }
        )
        #expect(Set(experiments).count == 50)
    }

    @Test func `names are logged as they are written`() {
        #expect(TemplateID("EXTa1")?.logged == "EXTa1")
        #expect(ExperimentID("EXPa1")?.logged == "EXPa1")
    }
}
