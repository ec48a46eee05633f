import Glibc

/// Which bytes may stand where in a request, by RFC 9110 and 9112.
enum Characters {
    static let carriageReturn: UInt8 = 13
    static let lineFeed: UInt8 = 10
    static let space: UInt8 = 32
    static let tab: UInt8 = 9
    static let colon = UInt8(ascii: ":")

    /// Letters, digits and !#$%&'*+-.^_`|~ : one bit for each byte below 128.
    @inline(__always)
    static func isToken(_ byte: UInt8) -> Bool {
        if byte < 64 { return 0x03FF_6CFA_0000_0000 as UInt64 >> UInt64(byte) & 1 == 1 }
        if byte < 128 { return 0x57FF_FFFF_C7FF_FFFE as UInt64 >> UInt64(byte - 64) & 1 == 1 }
        return false
    }

    /// Visible ASCII: what a request target is made of.
    @inline(__always)
    static func isVisible(_ byte: UInt8) -> Bool { byte > 32 && byte < 127 }

    /// What a header value may hold: visible bytes, spaces, tabs and bytes over 127.
    @inline(__always)
    static func isFieldText(_ byte: UInt8) -> Bool { byte >= 32 && byte != 127 || byte == tab }

    @inline(__always)
    static func lowercased(_ byte: UInt8) -> UInt8 {
        byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z") ? byte | 0x20 : byte
    }
}

extension Span<UInt8> {
    /// Where `byte` first stands in `range`, which is cut to what there is.
    func firstIndex(of byte: UInt8, in range: Range<Int>) -> Int? {
        let range = range.clamped(to: 0..<count)
        if range.isEmpty { return nil }
        return unsafe withUnsafeBytes { buffer in
            guard let base = buffer.baseAddress else { return nil }
            let start = unsafe base + range.lowerBound
            guard let found = unsafe memchr(start, CInt(byte), range.count) else { return nil }
            return unsafe UnsafeRawPointer(found) - base
        }
    }

    /// Where in `range` the first byte stands that no header value may hold.
    ///
    /// Eight bytes at a time: header values are most of a request.
    func firstForbidden(in range: Range<Int>) -> Int? {
        let range = range.clamped(to: 0..<count)
        if range.count >= 8, !hasControl(in: range) { return nil }
        var index = range.lowerBound
        while index < range.upperBound {
            if !Characters.isFieldText(self[index]) { return index }
            index += 1
        }
        return nil
    }

    /// Whether all of `range` is visible ASCII, as a request target must be.
    func isVisible(in range: Range<Int>) -> Bool {
        let range = range.clamped(to: 0..<count)
        if range.count >= 8 {
            return !anyWord(in: range) { Self.mayHold(lessThan: 33, $0) || $0 & Self.highBits != 0 }
        }
        for index in range where !Characters.isVisible(self[index]) { return false }
        return true
    }

    /// Looks at eight bytes or more; may say yes for a tab, which is allowed.
    private func hasControl(in range: Range<Int>) -> Bool {
        anyWord(in: range) { Self.mayHold(lessThan: 32, $0) }
    }

    /// Asks of each eight bytes in turn, of the last eight perhaps together with some that were asked of before.
    @inline(__always)
    private func anyWord(in range: Range<Int>, _ isFound: (UInt64) -> Bool) -> Bool {
        unsafe withUnsafeBytes { buffer in
            var index = range.lowerBound
            while index + 8 <= range.upperBound {
                if isFound(unsafe buffer.loadUnaligned(fromByteOffset: index, as: UInt64.self)) {
                    return true
                }
                index += 8
            }
            return isFound(unsafe buffer.loadUnaligned(fromByteOffset: range.upperBound - 8, as: UInt64.self))
        }
    }

    private static var ones: UInt64 { 0x0101_0101_0101_0101 }
    private static var highBits: UInt64 { 0x8080_8080_8080_8080 }

    /// True where one of the eight bytes is below `bound` or is 127; above such a byte now and then also where none is.
    @inline(__always)
    private static func mayHold(lessThan bound: UInt64, _ word: UInt64) -> Bool {
        let delete = word ^ ones &* 0x7F
        let isLow = (word &- ones &* bound) & ~word
        let isDelete = (delete &- ones) & ~delete
        return (isLow | isDelete) & highBits != 0
    }

    /// Whether `range` holds exactly `text`; `text` must be lower case where case is ignored.
    func matches(_ text: StaticString, in range: Range<Int>, ignoringCase: Bool = false) -> Bool {
        guard range.count == text.utf8CodeUnitCount, range.lowerBound >= 0, range.upperBound <= count else {
            return false
        }
        return unsafe withUnsafeBytes { buffer in
            let start = unsafe text.utf8Start
            if !ignoringCase {
                let rest = unsafe UnsafeRawBufferPointer(rebasing: buffer[range])
                return unsafe memcmp(rest.baseAddress ?? UnsafeRawPointer(start), start, range.count) == 0
            }
            for offset in 0..<range.count {
                let byte = unsafe buffer[range.lowerBound &+ offset]
                let wanted = unsafe start[offset]
                // Most letters come in the case that is looked for.
                if byte != wanted, Characters.lowercased(byte) != wanted { return false }
            }
            return true
        }
    }
}
