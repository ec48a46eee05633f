/// Bytes that must never be printed: no description shows them, and no log field accepts them.
package struct Secret: Sendable, CustomStringConvertible, CustomReflectable {
    package let bytes: [UInt8]

    package init(_ bytes: [UInt8]) { self.bytes = bytes }

    package init(text: String) { bytes = Array(text.utf8) }

    package var description: String { "(secret)" }

    package var customMirror: Mirror { Mirror(self, children: [:]) }

    /// The secret as text, for the one place that hands it out.
    package var revealed: String { String(decoding: bytes, as: UTF8.self) }

    package func matches(_ other: [UInt8]) -> Bool { Hash.constantTimeEqual(bytes, other) }
}
