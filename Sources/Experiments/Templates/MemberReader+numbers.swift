import Base

extension MemberReader {
    /// A whole number, whatever its size.
    mutating func whole(_ name: String, accepted: String) -> Int? {
        guard let value = value(name, isRequired: false, accepted: accepted) else { return nil }
        if let number = value.whole.flatMap(Int.init(exactly:)) { return number }
        // A number that is none of these is named as it was given.
        let given = value.double == nil ? value.kind : String(decoding: value.encoded, as: UTF8.self)
        unreadable(child(name), "\(child(name)) is \(given): \(accepted) is accepted")
        return nil
    }

    /// Any number that has an end.
    mutating func number(_ name: String) -> Double? {
        guard let value = value(name, isRequired: false, accepted: "a number") else { return nil }
        if let number = value.double, number.isFinite { return number }
        wrongKind(child(name), value, accepted: "a number")
        return nil
    }
}
