import Base
import Experiments
import Testing

@Suite struct ChoiceTests {
    private static func candidates(_ names: [String]) -> [TargetCandidate] {
        names.map { TargetCandidate(arn: Stage.arn($0), resourceType: "aws:lambda:function") }
    }

    private static let three = TemplateTarget(
        name: "T",
        resourceType: "aws:lambda:function",
        selection: .count(3)
    )

    @Test func `the generator gives the numbers that its authors published`() {
        var generator = SplitMix64(seed: 1_234_567)
        #expect(
            (0..<5).map { _ in generator.next() } == [
                6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423,
                4_593_380_528_125_082_431, 16_408_922_859_458_223_821,
            ]
        )
        #expect(generator.draw(below: 0) == 0 && generator.draw(below: -1) == 0)
    }

    @Test func `the same seed chooses the same, in whatever order the candidates come`() throws {
        let names = (0..<20).map { "f\($0)" }
        let first = try TargetResolution.resolve(
            target: Self.three,
            candidates: Self.candidates(names),
            seed: 42,
            quota: 100
        )
        #expect(first.arns == ["f12", "f15", "f4"].map(Stage.arn))
        var generator = SplitMix64(seed: 1)
        for _ in 0..<20 {
            let again = try TargetResolution.resolve(
                target: Self.three,
                candidates: Self.candidates(names.shuffled(using: &generator)),
                seed: 42,
                quota: 100
            )
            #expect(again == first)
        }
    }

    @Test func `over many seeds each candidate is chosen as often as the others`() throws {
        let names = (0..<10).map { "f\($0)" }
        var chosen: [String: Int] = [:]
        for seed in 0..<UInt64(2_000) {
            let found = try TargetResolution.resolve(
                target: Self.three,
                candidates: Self.candidates(names),
                seed: seed,
                quota: 100
            )
            #expect(Set(found.arns).count == 3)
            for arn in found.arns { chosen[arn, default: 0] += 1 }
        }
        #expect(chosen.count == 10)
        // 600 expected, a little over 20 standard deviation.
        #expect(chosen.values.allSatisfy { (500...700).contains($0) })
    }

    @Test
    func `each target of a run is chosen from a seed of its own, and failures stand beside what was found`() {
        var other = Self.three
        other.name = "U"
        let named = TemplateTarget(
            name: "V",
            resourceType: "aws:lambda:function",
            resourceARNs: [Stage.arn("x")]
        )
        let outcome = TargetResolution.outcome(
            targets: [Self.three, other, named],
            candidates: { _ in Self.candidates((0..<20).map { "f\($0)" }) },
            seed: 42,
            quota: 100
        )
        #expect(outcome.results.map(\.target) == ["T", "U", "V"])
        guard case .resolved(let first) = outcome.results[0], case .resolved(let second) = outcome.results[1],
            case .failed(let failure) = outcome.results[2]
        else {
            Issue.record("\(outcome)")
            return
        }
        #expect(first.seed == TargetResolution.seed(from: 42, target: "T") && first.seed != second.seed)
        #expect(first.arns != second.arns)
        #expect(failure.code == .invalidTarget)
    }

    @Test func `a resolved target is listed as FIS lists it, and carries its qualifier`() throws {
        var target = Self.three
        target.parameters = [.init("functionQualifier", "live")]
        let found = try TargetResolution.resolve(
            target: target,
            candidates: Self.candidates(["b", "a"]),
            seed: 1,
            quota: 100
        )
        #expect(found.functionQualifier == "live")
        #expect(
            found.listed.map { String(decoding: $0.encoded, as: UTF8.self) }
                == ["a", "b"].map { name in
                    #"{"resourceType":"aws:lambda:function","targetName":"T","#
                        + #""targetInformation":{"arn":"\#(Stage.arn(name))"}}"#
                }
        )
    }
}
