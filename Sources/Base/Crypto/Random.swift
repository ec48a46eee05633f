import CLinux
import Glibc

/// Bytes nobody can guess, from the kernel.
package enum Random {
    package static func bytes(_ count: Int) -> [UInt8] {
        var generator = SystemRandomNumberGenerator()
        var bytes: [UInt8] = []
        while bytes.count < count {
            // Eight for each question to the kernel.
            let word = generator.next()
            bytes += (0..<min(8, count - bytes.count)).map { UInt8(truncatingIfNeeded: word >> (8 * $0)) }
        }
        return bytes
    }

    /// A text of letters and digits; each carries a little under six bits.
    package static func token(_ length: Int, alphabet: StaticString = Alphabets.base62) -> String {
        let letters = Array("\(alphabet)".utf8)
        // Bytes above the last whole round of letters would favour the first of them.
        let end = 256 - 256 % letters.count
        var chosen: [UInt8] = []
        while chosen.count < length {
            let drawn = bytes(length - chosen.count).filter { Int($0) < end }
            chosen += drawn.map { letters[Int($0) % letters.count] }
        }
        return String(decoding: chosen, as: UTF8.self)
    }
}

/// The letters that made-up names are drawn from.
package enum Alphabets {
    package static let base62: StaticString = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
    package static let upper: StaticString = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
    package static let lower: StaticString = "abcdefghijklmnopqrstuvwxyz234567"
}
