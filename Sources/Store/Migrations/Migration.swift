import Base

/// One step of the schema, numbered from 1 and never edited once it has been released.
package struct Migration: Sendable {
    package let number: Int
    package let name: String
    package let sql: StaticString

    package init(number: Int, name: String, sql: StaticString) {
        self.number = number
        self.name = name
        self.sql = sql
    }

    /// Tells whether a migration that was applied reads the same as this one.
    package var checksum: String { Hex.encode(Hash.sha256(Array("\(sql)".utf8))) }
}
