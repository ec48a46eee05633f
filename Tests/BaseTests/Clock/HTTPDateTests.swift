import Base
import Testing

/// Dates of HTTP's headers, read back.
@Suite struct HTTPDateTests {
    @Test func `what is written is read`() {
        for seconds: Int64 in [0, 784_111_777, 1_795_195_841, 4_102_444_799] {
            let moment = Timestamp(nanoseconds: seconds * 1_000_000_000)
            #expect(Timestamp(httpDate: CalendarTime(moment).httpDate) == moment)
        }
    }

    @Test(arguments: [
        "", "now", "Sun, 06 Nov 1994 08:49:37", "Sun, 06 Nov 1994 08:49:37 CET",
        "Sun, 06 Now 1994 08:49:37 GMT",
        "Sun, 31 Feb 1994 08:49:37 GMT", "Sun, 06 Nov 1994 08:49 GMT", "Sun, 06 Nov 1994 24:49:37 GMT",
        "Sun, 06 Nov 9999999999 08:49:37 GMT", "Sun, 06 Nov 9999 08:49:37 GMT",
        "Sunday, 06-Nov-94 08:49:37 GMT",
    ])
    func `what is no such date is none`(_ text: String) { #expect(Timestamp(httpDate: text) == nil) }
}
