import Base
import Testing

@testable import ControlPlane

@Suite struct SigningTimeTests {
    @Test(arguments: ["20270115T080000Z", "19700101T000000Z", "20280229T235959Z", "21991231T235959Z"])
    func `a stamp is read and written back`(_ text: String) throws {
        let time = try #require(SigningTime(stamp: Array(text.utf8)[...]))
        #expect(SigningStamp.of(time.timestamp) == text)
        #expect(time.stamp == text)
        #expect(time.day == text.prefix(8))
    }

    @Test(arguments: [
        "", "20270115T080000", "20270115 080000Z", "20270115T080000z", "20270115T080000Z0",
        "2027-115T080000Z",
        "20270229T000000Z", "20271301T000000Z", "20270100T000000Z", "20270115T240000Z", "20270115T006000Z",
        "99991231T235959Z", "00010101T000000Z", "19691231T235959Z", "+2270115T080000Z", "２0270115T080000Z",
    ])
    func `what is no stamp is refused`(_ text: String) {
        #expect(SigningTime(stamp: Array(text.utf8)[...]) == nil)
    }

    @Test(arguments: ["GMT", "UTC", "+0000", "-0000"]) func `an HTTP date is read`(_ zone: String) throws {
        let text = "Fri, 15 Jan 2027 08:00:00 \(zone)"
        let time = try #require(SigningTime(httpDate: Array(text.utf8)[...]))
        #expect(time.timestamp == IdentityFixture.noon)
        #expect(time.stamp == "20270115T080000Z")
    }

    @Test(arguments: [
        "", "Fri, 15 Jan 2027 08:00:00", "Fri, 15 Jan 2027 08:00:00 EST", "Fri 15 Jan 2027 08:00:00 GMT",
        "Fri, 15 jan 2027 08:00:00 GMT", "Fri, 15 Jan 2027 08:00 GMT", "Fri, 32 Jan 2027 08:00:00 GMT",
        "Fri, 15 Jan 2027 08::00 GMT", "Fri, 15 Jan 9999 08:00:00 GMT", "Fri, 15 Jan 99999 08:00:00 GMT",
    ])
    func `what is no HTTP date is refused`(_ text: String) {
        #expect(SigningTime(httpDate: Array(text.utf8)[...]) == nil)
    }
}
