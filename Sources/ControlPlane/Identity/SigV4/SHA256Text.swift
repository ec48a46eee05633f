/// The one way signatures and payload hashes are written: 64 lower-case hexadecimal digits.
enum SHA256Text {
    static func isValid(_ text: some Collection<UInt8>) -> Bool {
        text.count == 64 && text.allSatisfy(isDigit)
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
            || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte)
    }
}
