/// Names an access key: `FP` and 18 letters of A-Z2-7, which AWS tools take for an access key id.
package struct KeyID: Hashable, Comparable, Sendable, LosslessStringConvertible {
    package let description: String

    package init?(_ text: String) {
        guard text.utf8.count == 20, text.hasPrefix("FP"), text.utf8.dropFirst(2).allSatisfy(Self.isLetter)
        else { return nil }
        description = text
    }

    private init(letters: String) { description = "FP" + letters }

    /// A new one; 90 random bits, so two never meet.
    package static func random() -> KeyID {
        KeyID(letters: Random.token(18, alphabet: Alphabets.upper))
    }

    package static func < (left: KeyID, right: KeyID) -> Bool { left.description < right.description }

    private static func isLetter(_ byte: UInt8) -> Bool {
        (0x41...0x5A).contains(byte) || (0x32...0x37).contains(byte)
    }
}

extension KeyID: LogValue {
    package var logged: JSON { .string(description) }
}
