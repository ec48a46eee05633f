/// For how long or how often a condition must be bad to count, as somebody wrote it: all of it may be left away.
package struct WrittenPersistence: Hashable, Sendable {
    /// A length of time, as it was given.
    package var hold: String?
    package var breaches: Int?
    package var of: Int?

    package init(hold: String? = nil, breaches: Int? = nil, of: Int? = nil) {
        self.hold = hold
        self.breaches = breaches
        self.of = of
    }
}

extension WrittenPersistence {
    private static let times: ClosedRange<Duration> = .seconds(1) ... .seconds(3_600)
    static let acceptedTime = "a time from 1s to 1h, such as 30s or PT30S,"
    private static let counts = 1...100

    /// What it means, with the time that the value itself may ask for; what is wrong with it is told by its members.
    func read(besides own: Duration, _ problems: inout [WrittenCondition.Problem]) -> Persistence {
        var persistence = Persistence(hold: own)
        if let hold {
            let time = Duration(written: hold)
            if let time, Self.times.contains(time) {
                persistence.hold = time
            } else {
                problems.append(.init("for", "is \(hold.quoted): \(Self.acceptedTime) is accepted"))
            }
            if own != .zero {
                problems.append(.init("for", "is given beside the for of value: one of them is accepted"))
            }
        }
        readCounts(&persistence, &problems)
        return persistence
    }

    /// Where only `breaches` is given, so many must be bad one after the other.
    private func readCounts(_ persistence: inout Persistence, _ problems: inout [WrittenCondition.Problem]) {
        guard let breaches else {
            if of != nil {
                problems.append(.init("of", "is given without breaches: only with that is it accepted"))
            }
            return
        }
        let all = of ?? breaches
        persistence.breaches = breaches
        persistence.of = all
        for (name, count) in [("breaches", breaches), ("of", all)] where !Self.counts.contains(count) {
            if name == "of", of == nil { continue }
            problems.append(.init(name, "is \(count): a whole number from 1 to 100 is accepted"))
        }
        if breaches > all, Self.counts.contains(breaches) {
            problems.append(
                .init(
                    "breaches",
                    "is \(breaches) of \(all): no more than of, the number of readings, is accepted"
                )
            )
        }
    }
}
