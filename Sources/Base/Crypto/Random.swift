import CLinux
import Glibc

/// Bytes nobody can guess, from the kernel.
package enum Random {
    package static func bytes(_ count: Int) -> [UInt8] {
        var generator = SystemRandomNumberGenerator()
        return (0..<count).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
    }

    /// A text of letters and digits; each carries a little under six bits.
    package static func token(_ length: Int, alphabet: StaticString = Alphabets.base62) -> String {
        let letters = Array("\(alphabet)".utf8)
        var generator = SystemRandomNumberGenerator()
        let chosen = (0..<length).map { _ in letters[Int.random(in: 0..<letters.count, using: &generator)] }
        return String(decoding: chosen, as: UTF8.self)
    }
}

/// The letters that made-up names are drawn from.
package enum Alphabets {
    package static let base62: StaticString = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
    package static let upper: StaticString = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
    package static let lower: StaticString = "abcdefghijklmnopqrstuvwxyz234567"
}
