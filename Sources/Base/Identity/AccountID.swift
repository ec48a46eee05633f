/// Names an account, the team that resources and keys belong to: exactly 12 ASCII digits, as in an ARN.
package struct AccountID: Hashable, Comparable, Sendable, LosslessStringConvertible {
    package let description: String

    package init?(_ text: String) {
        guard text.utf8.count == 12, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        description = text
    }

    private init(digits: String) { description = digits }

    /// The first account's number, unless a deployment chooses another.
    package static let zero = AccountID(digits: "000000000000")

    package static func < (left: AccountID, right: AccountID) -> Bool {
        left.description < right.description
    }
}

extension AccountID: LogValue {
    package var logged: JSON { .string(description) }
}
