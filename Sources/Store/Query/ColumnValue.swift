import Base

/// What can be given to a statement as a parameter and read back from a column, in PostgreSQL's text form.
package protocol ColumnValue: Sendable {
    /// The value as PostgreSQL writes it; nil where the text is no such value.
    init?(column: String)

    var column: String { get }
}

extension ColumnValue where Self: LosslessStringConvertible {
    package init?(column: String) { self.init(column) }

    package var column: String { description }
}

extension String: ColumnValue {}
extension Int: ColumnValue {}
extension Int64: ColumnValue {}
extension Double: ColumnValue {}
extension AccountID: ColumnValue {}
extension KeyID: ColumnValue {}
extension Role: ColumnValue {}

extension Bool: ColumnValue {
    package init?(column: String) {
        switch column {
        case "t": self = true
        case "f": self = false
        default: return nil
        }
    }

    package var column: String { self ? "t" : "f" }
}

extension JSON: ColumnValue {
    package init?(column: String) {
        guard let value = try? JSON(parsing: Array(column.utf8)) else { return nil }
        self = value
    }

    package var column: String { String(decoding: encoded, as: UTF8.self) }
}

/// Bytes, as `bytea` has them: `\x` and hexadecimal digits.
extension Array: ColumnValue where Element == UInt8 {
    package init?(column: String) {
        guard column.hasPrefix(#"\x"#), let bytes = Hex.decode(column.utf8.dropFirst(2)) else { return nil }
        self = bytes
    }

    package var column: String { #"\x"# + Hex.encode(self) }
}
