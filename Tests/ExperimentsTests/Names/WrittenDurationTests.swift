@testable import Experiments
import Testing

@Suite struct WrittenDurationTests {
    @Test(arguments: [
        ("30s", Duration.seconds(30)), ("PT30S", .seconds(30)), ("1500ms", .milliseconds(1_500)),
        ("5m", .seconds(300)),
        ("1h", .seconds(3_600)), ("PT1M30S", .seconds(90)), ("0s", .zero),
    ]) func `reads`(text: String, value: Duration) { #expect(Duration(written: text) == value) }

    @Test(arguments: [
        "", "s", "30", "-1s", "1.5s", "30 s", "30S", "٣s", "99999999999999999999s", "1d", "ms", "1s2",
    ])
    func `refuses`(text: String) { #expect(Duration(written: text) == nil) }
}
