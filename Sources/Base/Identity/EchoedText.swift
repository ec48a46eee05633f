/// Something a caller sent, in a form fit to be said back and logged: short, printable and without quotes.
package struct EchoedText: Hashable, Sendable, CustomStringConvertible {
    package let description: String

    package init(_ text: some Sequence<UInt8>) {
        let shown = text.prefix(97).map { byte in
            (0x20...0x7E).contains(byte) && byte != UInt8(ascii: "\"") ? byte : UInt8(ascii: "?")
        }
        let cut = String(decoding: shown.prefix(96), as: UTF8.self)
        description = shown.count > 96 ? cut + "..." : cut
    }

    package init(_ text: String) { self.init(text.utf8) }

    package init(_ bytes: Span<UInt8>) {
        var copy: [UInt8] = []
        for index in bytes.indices.prefix(97) { copy.append(bytes[index]) }
        self.init(copy)
    }
}
