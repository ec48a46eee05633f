extension Timestamp {
    /// The moment that HTTP's headers write as `Fri, 20 Nov 2026 17:30:41 GMT`; nil for anything else.
    package init?(httpDate text: String) {
        let parts = text.split(separator: " ")
        guard parts.count == 6, parts[5] == "GMT", parts[0].hasSuffix(",") else { return nil }
        let clock = parts[4].split(separator: ":", omittingEmptySubsequences: false)
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        guard clock.count == 3, let month = months.firstIndex(of: String(parts[2])),
            let day = Int(parts[1]), let year = Int(parts[3]),
            let hour = Int(clock[0]), let minute = Int(clock[1]), let second = Int(clock[2]),
            let seconds = CalendarTime.seconds(
                year: year,
                month: month + 1,
                day: day,
                hour: hour,
                minute: minute,
                second: second
            ),
            let nanoseconds = seconds.nanosecondsInSeconds
        else { return nil }
        self.init(nanoseconds: nanoseconds)
    }
}

extension Int64 {
    /// Nil where they are too many.
    fileprivate var nanosecondsInSeconds: Int64? {
        let (product, overflow) = multipliedReportingOverflow(by: 1_000_000_000)
        return overflow ? nil : product
    }
}
