import Experiments
import Testing

@Suite struct ISODurationTests {
    private static let accepted: [Case<String, Duration>] = [
        Case("one minute", "PT1M", .seconds(60)),
        Case("hours and minutes", "PT1H30M", .seconds(5_400)),
        Case("all units", "P1DT2H3M4S", .seconds(86_400 + 7_200 + 180 + 4)),
        Case("a day", "P1D", .seconds(86_400)),
        Case("half a second", "PT0.5S", .milliseconds(500)),
        Case("nine places", "PT1.000000001S", .nanoseconds(1_000_000_001)),
        Case("a unit left out", "PT1H1S", .seconds(3_601)),
        Case("more than sixty", "PT90M", .seconds(5_400)),
        Case("zeros in front", "PT007S", .seconds(7)),
        Case("nothing at all, said", "PT0S", .zero),
        Case(
            "the longest that fits",
            "PT9223372036.854775807S",
            .seconds(9_223_372_036) + .nanoseconds(854_775_807)
        ),
    ]

    @Test(arguments: accepted) func `is read and keeps its text`(_ row: Case<String, Duration>) {
        #expect(ISODuration(row.input)?.value == row.output)
        #expect(ISODuration(row.input)?.description == row.input)
    }

    private static let refused: [Case<String, Void>] = [
        Case("nothing", "", ()),
        Case("no number", "P", ()),
        Case("no number for the time", "PT", ()),
        Case("no time behind the T", "P1DT", ()),
        Case("as people write it", "5m", ()),
        Case("no P", "T1M", ()),
        Case("small letters", "pt1m", ()),
        Case("no unit", "PT5", ()),
        Case("no T", "P1H", ()),
        Case("a day behind the T", "PT1D", ()),
        Case("units in another order", "PT1M1H", ()),
        Case("a unit twice", "PT1M1M", ()),
        Case("weeks", "P1W", ()),
        Case("months", "P1M", ()),
        Case("years", "P1Y", ()),
        Case("a sign", "PT-1M", ()),
        Case("a plus", "PT+1M", ()),
        Case("a sign in front", "-PT1M", ()),
        Case("a fraction of minutes", "PT1.5M", ()),
        Case("a fraction of zero minutes", "PT1.0M", ()),
        Case("a fraction of days", "P1.5D", ()),
        Case("a fraction without digits", "PT1.S", ()),
        Case("only a fraction", "PT.5S", ()),
        Case("ten places", "PT0.0000000001S", ()),
        Case("a comma for the point", "PT0,5S", ()),
        Case("a space", "PT 1M", ()),
        Case("a space behind", "PT1M ", ()),
        Case("digits of another alphabet", "PT٣M", ()),
        Case("one nanosecond too long", "PT9223372036.854775808S", ()),
        Case("too many days", "P106752D", ()),
        Case("more than 64 bits", "PT99999999999999999999S", ()),
        Case("a sum too large", "P106751DT24H", ()),
    ]

    @Test(arguments: refused) func `what is no fixed length of time is refused`(_ row: Case<String, Void>) {
        #expect(ISODuration(row.input) == nil)
    }

    @Test func `those made in the code read as what they say`() {
        for made in [ISODuration.seconds(1), .minutes(10), .hours(12), .seconds(0)] {
            #expect(ISODuration(made.description) == made)
        }
        #expect(ISODuration.hours(12).description == "PT12H")
    }

    @Test func `a length of time in whole seconds has a text as short as may be`() {
        let texts: [Int64: String] = [
            0: "PT0S", 1: "PT1S", 90: "PT90S", 300: "PT5M", 7_200: "PT2H", 172_800: "P2D",
        ]
        for (seconds, text) in texts {
            let made = ISODuration(wholeSecondsOf: .milliseconds(seconds * 1_000 + 999))
            #expect(made.description == text && made.value == .seconds(seconds))
            #expect(ISODuration(made.description) == made)
        }
    }
}
