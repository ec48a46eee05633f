import Base
import Experiments
import Testing

/// What probes come to, from the first fault until recovery is known; times in seconds.
@Suite struct HypothesisTrackTests {
    private typealias Finding = HypothesisTrack.Finding

    private static let letters: [Character: Finding] = [
        "i": .inside, "w": .wavering, "o": .outside, "-": .unread,
    ]

    /// Follows two probes, `a` and `b`, of which each look tells a letter: of the first and of the second.
    ///
    /// Looks come every three seconds from second 3; the faults end at second 30 and are known to when the look of second 33 is taken.
    private static func follow(
        _ looks: String,
        recovery: Duration = .seconds(60)
    ) -> (told: [String], track: HypothesisTrack) {
        var track = HypothesisTrack(probes: ["a", "b"], recoveryTime: recovery, beganAt: Stage.second(0))
        var told: [String] = []
        for (number, look) in looks.split(separator: " ").enumerated() {
            let second = Double(number + 1) * 3
            if second >= 33 { track.faultsEnded(at: Stage.second(30)) }
            let findings = zip(["a", "b"], look).map { name, letter in
                (name, HypothesisTrack.Look(letters[letter] ?? .unread, "\(name) is \(letter)"))
            }
            let news = track.take(Dictionary(uniqueKeysWithValues: findings), at: Stage.second(second))
            told += news.map { "\(($0.at - Stage.start).inSeconds) \($0.probe): \($0.text)" }
            guard let judgement = track.judgement(at: Stage.second(second)) else { continue }
            let recovery = judgement.recovery.map { "\($0.inSeconds)" } ?? "-"
            told.append("\(second) \(judgement.verdict.rawValue) \(recovery) \(judgement.reason)")
            break
        }
        return (told, track)
    }

    private static func all(_ look: String, _ count: Int) -> String {
        Array(repeating: look, count: count).joined(separator: " ")
    }

    private static let held = "held 0.0 Every probe was inside its tolerance from the first fault on."

    private static let cases: [Case<String, [String]>] = [
        Case("all is well throughout", all("ii", 11), ["33.0 \(held)"]),
        Case("nothing is judged before the faults have ended", all("io", 10), ["3.0 b: b is o"]),
        Case(
            "one deviates and is back before the end",
            "ii io oo ii " + all("ii", 7),
            [
                "6.0 b: b is o", "9.0 a: a is o",
                #"33.0 deviated 0.0 Outside tolerance: "a", "b". Every probe was inside its tolerance again 0.0 s after the faults."#,
            ]
        ),
        Case(
            "one is back some time after the end",
            all("ii", 9) + " oi oi oi wi ii",
            [
                "30.0 a: a is o",
                #"42.0 deviated 12.0 Outside tolerance: "a". Every probe was inside its tolerance again 12.0 s after the faults."#,
            ]
        ),
        Case(
            "each comes back at its own time, and one cannot be read meanwhile",
            all("oo", 10) + " oi o- i- ii",
            [
                "3.0 a: a is o", "3.0 b: b is o",
                #"39.0 deviated 9.0 Outside tolerance: "a", "b". Every probe was inside its tolerance again 9.0 s after the faults."#,
            ]
        ),
        Case(
            "one never comes back",
            all("oi", 29) + " " + all("oi", 5),
            [
                "3.0 a: a is o",
                #"90.0 deviated - Outside tolerance: "a". Not every probe was inside its tolerance again within 60 s after the faults."#,
            ]
        ),
        Case(
            "outside only at the first look after the end",
            all("ii", 10) + " io ii",
            [
                "33.0 b: b is o",
                #"36.0 deviated 6.0 Outside tolerance: "b". Every probe was inside its tolerance again 6.0 s after the faults."#,
            ]
        ),
        Case("what wavers and steadies has held", "ii wi wi ii " + all("ii", 7), ["33.0 \(held)"]),
        Case(
            "what wavers at the end has to steady itself",
            all("ii", 10) + " wi wi ii",
            [
                "39.0 held 9.0 Every probe was inside its tolerance from the first fault on."
            ]
        ),
        Case(
            "what wavers to the end has not recovered",
            all("ii", 10) + " " + all("wi", 30),
            [
                #"90.0 deviated - Outside tolerance: "a". Not every probe was inside its tolerance again within 60 s after the faults."#
            ]
        ),
        Case(
            "unread for less than fifteen seconds",
            "ii -i -i -i -i " + all("ii", 6),
            ["33.0 \(held)"]
        ),
        Case(
            "unread for fifteen seconds",
            "ii -i -i -i -i -i " + all("ii", 5),
            [#"33.0 not evaluated - Probe "a" could not be read for 15 s."#]
        ),
        Case(
            "unread for fifteen seconds from the start",
            "-i -i -i -i -i " + all("ii", 6),
            [#"33.0 not evaluated - Probe "a" could not be read for 15 s."#]
        ),
        Case(
            "a deviation says more than what could not be read",
            "io -o -o -o -o -o " + all("ii", 5),
            [
                "3.0 b: b is o",
                #"33.0 deviated 0.0 Outside tolerance: "b". Every probe was inside its tolerance again 0.0 s after the faults."#,
            ]
        ),
        Case(
            "not read again after the end",
            all("ii", 9) + " -i -i -i -i ii",
            ["42.0 \(held)"]
        ),
        Case(
            "never read again after the end",
            all("ii", 9) + " " + all("-i", 31),
            [#"90.0 not evaluated - Probe "a" could not be read for 15 s."#]
        ),
    ]

    @Test(arguments: cases) func `tells`(_ row: Case<String, [String]>) {
        #expect(Self.follow(row.input).told == row.output)
    }

    @Test func `it is kept as it is at any time`() throws {
        for looks in ["", "ii", "io -i", Self.all("oo", 10) + " oi o-"].map({ Self.follow($0) }) {
            let kept = try JSON(parsing: looks.track.json.encoded)
            #expect(try HypothesisTrack(stored: kept) == looks.track)
        }
        #expect(throws: StoredFormError.self) { try HypothesisTrack(stored: [:]) }
    }

    private static func one(_ look: String) -> [String: HypothesisTrack.Look] {
        ["a": .init(letters[look.first ?? "-"] ?? .unread)]
    }

    @Test func `a fault shorter than a look's pace is not evaluated`() {
        var track = HypothesisTrack(probes: ["a"], recoveryTime: .seconds(60), beganAt: Stage.second(0))
        track.faultsEnded(at: Stage.second(2))
        #expect(track.take(Self.one("i"), at: Stage.second(3)) == [])
        #expect(
            track.judgement(at: Stage.second(3))
                == HypothesisJudgement(
                    .notEvaluated,
                    reason: #"Probe "a" was never read while faults were on."#
                )
        )
    }

    @Test func `a clock that runs back, an end that is told twice, and a probe that nobody looks at`() {
        var track = HypothesisTrack(probes: ["a"], recoveryTime: .seconds(60), beganAt: Stage.second(10))
        #expect(
            track.take(Self.one("o"), at: Stage.second(0)) == [
                Deviation(probe: "a", at: Stage.second(10), text: "")
            ]
        )
        #expect(track.take([:], at: Stage.second(5)) == [])
        track.faultsEnded(at: Stage.second(20))
        track.faultsEnded(at: Stage.second(40))
        #expect(track.judgement(at: Stage.second(79)) == nil)
        #expect(track.take(Self.one("i"), at: Stage.second(21.26)) == [])
        #expect(track.judgement(at: Stage.second(22))?.recovery == .milliseconds(1_260))
        #expect(
            track.judgement(at: Stage.second(22))?.reason
                == #"Outside tolerance: "a". Every probe was inside its tolerance again 1.3 s after the faults."#
        )
    }

    @Test func `one that is back too late has not recovered`() {
        var track = HypothesisTrack(probes: ["a"], recoveryTime: .seconds(10), beganAt: Stage.second(0))
        _ = track.take(Self.one("o"), at: Stage.second(1))
        track.faultsEnded(at: Stage.second(20))
        _ = track.take(Self.one("i"), at: Stage.second(31))
        #expect(track.judgement(at: Stage.second(31))?.verdict == .deviated)
        #expect(track.judgement(at: Stage.second(31))?.recovery == nil)
    }

    /// Whatever is found, it is judged by the end of its time, once and for all, and only what was outside or did not come back deviated.
    @Test(arguments: 0..<4) func `any row of looks comes to one verdict`(seed: Int) {
        var generator = SplitMix64(seed: UInt64(seed))
        for _ in 0..<300 {
            let calm = generator.draw(below: 3) == 0
            let letters = calm ? Array("iiii-w") : Array("iiow-")
            let row = (0..<40).map { _ in
                "\(letters[generator.draw(below: letters.count)])\(letters[generator.draw(below: letters.count)])"
            }
            let told = Self.follow(row.joined(separator: " ")).told
            let verdicts = told.filter {
                $0.contains("held") || $0.contains("evaluated") || $0.contains("deviated")
            }
            #expect(verdicts.count == 1, "\(row)")
            if calm {
                #expect(
                    !verdicts.joined().contains("deviated") || row.last?.contains("w") == true,
                    "\(row) \(told)"
                )
            }
            if told.count > 1 { #expect(verdicts.joined().contains("deviated"), "\(row) \(told)") }
        }
    }
}
