/// A length of time as ISO 8601 writes it, such as `PT1H30M`: days, hours, minutes and seconds.
///
/// It keeps the text it was read from. Years, months and weeks are no fixed time or not what FIS takes, and are refused.
package struct ISODuration: Hashable, Sendable, LosslessStringConvertible {
    package let description: String
    package let value: Duration

    package init?(_ text: String) {
        var scanner = ISODurationScanner(text)
        guard let value = scanner.duration() else { return nil }
        description = text
        self.value = value
    }

    private init(_ count: Int32, _ letter: Character, _ unit: Int64) {
        description = "PT\(count)\(letter)"
        value = .seconds(Int64(count) * unit)
    }

    /// The shortest text for a length of time, of which a fraction of a second is left out.
    package init(wholeSecondsOf value: Duration) {
        let seconds = value.components.seconds
        let units: [(length: Int64, prefix: String, letter: Character)] = [
            (86_400, "P", "D"), (3_600, "PT", "H"), (60, "PT", "M"),
        ]
        let unit = units.first { seconds > 0 && seconds.isMultiple(of: $0.length) } ?? (1, "PT", "S")
        description = "\(unit.prefix)\(seconds / unit.length)\(unit.letter)"
        self.value = .seconds(seconds)
    }

    package static func seconds(_ count: Int32) -> ISODuration { ISODuration(count, "S", 1) }

    package static func minutes(_ count: Int32) -> ISODuration { ISODuration(count, "M", 60) }

    package static func hours(_ count: Int32) -> ISODuration { ISODuration(count, "H", 3_600) }
}

/// Reads one duration; what does not fit into 64 bits of nanoseconds is none.
private struct ISODurationScanner {
    private var rest: Substring.UTF8View
    private var nanoseconds: Int64 = 0

    private static let second: Int64 = 1_000_000_000

    init(_ text: String) { rest = text[...].utf8 }

    mutating func duration() -> Duration? {
        guard take("P") else { return nil }
        let hasDays = rest.first != UInt8(ascii: "T")
        if hasDays {
            guard let days = digits(), take("D"), add(days, of: 86_400 * Self.second) else { return nil }
        }
        if take("T") {
            guard time() else { return nil }
        }
        return rest.isEmpty ? .nanoseconds(nanoseconds) : nil
    }

    /// Hours, minutes and seconds in this order, at least one of them.
    private mutating func time() -> Bool {
        var units: [(letter: Unicode.Scalar, length: Int64)] = [("H", 3_600), ("M", 60), ("S", 1)]
        var found = false
        while let number = digits() {
            let hasFraction = rest.first == UInt8(ascii: ".")
            guard let fraction = hasFraction ? fraction() : 0,
                let index = units.firstIndex(where: { take($0.letter) })
            else { return false }
            let unit = units[index]
            units.removeFirst(index + 1)
            guard !hasFraction || unit.letter == "S", add(number, of: unit.length * Self.second),
                add(fraction, of: 1)
            else { return false }
            found = true
        }
        return found
    }

    /// The nanoseconds behind a point: one to nine digits.
    private mutating func fraction() -> Int64? {
        guard take(".") else { return nil }
        let places = rest.prefix { (0x30...0x39).contains($0) }.count
        guard (1...9).contains(places), let value = digits() else { return nil }
        return (places..<9).reduce(value) { value, _ in value * 10 }
    }

    private mutating func add(_ count: Int64, of unit: Int64) -> Bool {
        let (product, tooLarge) = count.multipliedReportingOverflow(by: unit)
        let (sum, overflow) = nanoseconds.addingReportingOverflow(product)
        if tooLarge || overflow { return false }
        nanoseconds = sum
        return true
    }

    private mutating func take(_ letter: Unicode.Scalar) -> Bool {
        guard rest.first == UInt8(ascii: letter) else { return false }
        rest.removeFirst()
        return true
    }

    private mutating func digits() -> Int64? {
        let found = rest.prefix { (0x30...0x39).contains($0) }
        guard !found.isEmpty, let value = Int64(String(decoding: found, as: UTF8.self)) else { return nil }
        rest = rest.dropFirst(found.count)
        return value
    }
}
