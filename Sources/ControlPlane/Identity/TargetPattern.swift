package import Base

/// Names the targets an agent's key may speak for: literal text in which `*` stands for anything, also for nothing.
package struct TargetPattern: Sendable {
    package let description: String
    private let pieces: [LiteralSearch]
    private let length: Int

    /// Nil unless it is 1 to 512 printable ASCII characters without a space.
    package init?(_ text: String) {
        let bytes = Array(text.utf8)
        guard (1...512).contains(bytes.count), bytes.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            return nil
        }
        description = text
        let literals = bytes.split(separator: UInt8(ascii: "*"), omittingEmptySubsequences: false)
        pieces = literals.map { LiteralSearch(Array($0)) }
        length = literals.reduce(0) { $0 + $1.count }
    }

    package func matches(_ target: String) -> Bool { matches(Array(target.utf8).span) }

    /// Takes time in proportion to the target's length, whatever the pattern.
    ///
    /// The first and the last piece are held to the ends; each piece between takes the first place it fits after
    /// the one before it, since a later place can never help those that follow.
    package func matches(_ target: Span<UInt8>) -> Bool {
        let pieces = pieces.span
        let last = pieces.count - 1
        if last == 0 { return target.count == length && pieces[0].stands(in: target, at: 0) }
        let end = target.count - pieces[last].count
        guard target.count >= length, pieces[0].stands(in: target, at: 0),
            pieces[last].stands(in: target, at: end)
        else { return false }
        var position = pieces[0].count
        for index in 1..<last {
            guard let found = pieces[index].find(in: target, from: position, to: end) else { return false }
            position = found
        }
        return true
    }
}

extension TargetPattern: Hashable, LosslessStringConvertible {
    package static func == (left: TargetPattern, right: TargetPattern) -> Bool {
        left.description == right.description
    }

    package func hash(into hasher: inout Hasher) { hasher.combine(description) }
}

extension TargetPattern: LogValue {
    package var logged: JSON { .string(description) }
}
