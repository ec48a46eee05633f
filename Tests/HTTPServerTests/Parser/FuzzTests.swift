import Base
import Glibc
import Testing

@testable import HTTPServer

/// Mutated requests by the million: whatever arrives, the parser stays within its bytes and its mind.
@Suite struct FuzzTests {
    /// `FAULTPLANE_FUZZ_SEED` replays one seed that was reported; `FAULTPLANE_FUZZ_INPUTS` asks for more or fewer.
    private static let inputs = number("FAULTPLANE_FUZZ_INPUTS").map { Int(clamping: $0) } ?? 1_000_000
    private static let seeds = number("FAULTPLANE_FUZZ_SEED").map { $0...$0 } ?? 1...8

    @Test(arguments: seeds)
    func `no input is understood differently in pieces, or half understood`(seed: UInt64) async {
        await onOwnThread {
            var fuzz = ParserFuzz(seed: seed)
            for round in 0..<Self.inputs / 8 {
                guard let complaint = fuzz.step() else { continue }
                Issue.record("FAULTPLANE_FUZZ_SEED=\(seed), input \(round): \(complaint)")
                return
            }
        }
    }

    private static func number(_ name: String) -> UInt64? {
        getenv(name).flatMap { UInt64(String(cString: $0)) }
    }
}

/// One stream of mutated inputs and what is demanded of each.
struct ParserFuzz {
    private static let samples =
        Acceptance.all.map { Array($0.text.utf8) } + Refusal.all.map { Array($0.text.utf8) } + bodies + bodies
    private static let bodies = [
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 24\r\n\r\nabcdefghijklmnopqrstuvwx",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n14\r\nabcdefghijklmnopqrst\r\n0\r\n\r\n",
    ].map { Array($0.utf8) }
    private static let morsels = [
        "\r\n", "\r", "\n", "\r\n\r\n", " ", "\t", "\0", ":", ";", ",", "0", "5", "f", "-", "+", "0x", "%2F",
        "/",
        "Content-Length: 3\r\n", "Transfer-Encoding: chunked\r\n", "Connection: close\r\n", "HTTP/1.0",
        "HTTP/1.1",
        "Host: a\r\n", "Expect: 100-continue\r\n", "3\r\nabc\r\n", "0\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\n\r\n",
    ].map { Array($0.utf8) }

    private var random: SeededRandom
    private let harness: FuzzHarness

    init(seed: UInt64) {
        random = SeededRandom(seed: seed)
        harness = FuzzHarness(limits: Refusal.limits, bodyLimit: 64)
    }

    /// Makes an input and looks at it from all sides; nil where all is well.
    mutating func step() -> String? {
        let input = mutated()
        let whole = harness.run(input, cut: input.count)
        let cut = Int.random(in: 0...input.count, using: &random)
        let pieces = harness.run(input, cut: cut)
        if whole == pieces, whole.isSound { return nil }
        return "\(String(decoding: input, as: UTF8.self).debugDescription) cut at \(cut): \(whole), \(pieces)"
    }

    private mutating func mutated() -> [UInt8] {
        var bytes = Self.samples[index(Self.samples.count)]
        for _ in 0...index(4) { mutate(&bytes) }
        return bytes
    }

    private mutating func mutate(_ bytes: inout [UInt8]) {
        if bytes.isEmpty { return bytes.append(UInt8(truncatingIfNeeded: random.next())) }
        let place = index(bytes.count)
        switch index(6) {
        case 0: bytes[place] = UInt8(truncatingIfNeeded: random.next())
        case 1: bytes[place] ^= 1 << UInt8(index(8))
        case 2: bytes.remove(at: place)
        case 3: bytes.removeSubrange(place..<min(bytes.count, place + index(8)))
        case 4: bytes.insert(contentsOf: Self.morsels[index(Self.morsels.count)], at: place)
        default:
            bytes.insert(
                contentsOf: bytes[place..<min(bytes.count, place + index(30))],
                at: index(bytes.count)
            )
        }
    }

    private mutating func index(_ count: Int) -> Int { Int(random.next() % UInt64(count)) }
}

/// What became of an input, in numbers that are cheap to compare.
struct FuzzOutcome: Equatable {
    var requests = 0
    var digest: UInt64 = 14_695_981_039_346_656_037
    var consumed = 0
    var failure: ParseFailure?
    /// No place lay outside the bytes, and no part outside its request.
    var isSound = true

    mutating func mix(_ value: Int) {
        digest = (digest ^ UInt64(bitPattern: Int64(value))) &* 1_099_511_628_211
    }
}

/// The harness without texts, for speed; one for many inputs.
final class FuzzHarness {
    private let parser: HeadParser
    private let limits: Limits
    private let bodyLimit: Int
    private var head = RequestHead()

    init(limits: Limits, bodyLimit: Int) {
        parser = HeadParser(limits: limits)
        self.limits = limits
        self.bodyLimit = bodyLimit
    }

    /// In two pieces, or in one where `cut` is the end.
    func run(_ bytes: [UInt8], cut: Int) -> FuzzOutcome {
        var outcome = FuzzOutcome()
        var decoder: BodyDecoder?
        for end in cut == bytes.count ? [cut] : [cut, bytes.count] {
            do throws(ParseFailure) {
                while outcome.consumed < end, try take(bytes, end, &decoder, &outcome) {}
            } catch {
                outcome.failure = error
                // Where a refusal is noticed depends on the pieces; nothing after it is looked at.
                outcome.consumed = -1
                return outcome
            }
        }
        return outcome
    }

    private func take(
        _ bytes: [UInt8],
        _ end: Int,
        _ decoder: inout BodyDecoder?,
        _ outcome: inout FuzzOutcome
    ) throws(ParseFailure) -> Bool {
        let start = outcome.consumed
        if var body = decoder.take() {
            outcome.consumed = try body.consume(bytes.span, in: start..<end)
            if body.isComplete { finish(body, &outcome) } else { decoder = body }
        } else {
            guard let next = try parser.parse(bytes.span, in: start..<end, into: &head) else { return false }
            outcome.consumed = next
            note(start..<next, &outcome)
            if head.framing == .none {
                outcome.requests += 1
            } else {
                decoder = try BodyDecoder(framing: head.framing, limit: bodyLimit, limits: limits)
            }
        }
        if outcome.consumed <= start || outcome.consumed > end { outcome.isSound = false }
        return outcome.isSound
    }

    private func finish(_ body: BodyDecoder, _ outcome: inout FuzzOutcome) {
        outcome.requests += 1
        outcome.mix(body.body.count)
        if body.body.count > bodyLimit { outcome.isSound = false }
    }

    private func note(_ place: Range<Int32>, _ range: Range<Int>, _ outcome: inout FuzzOutcome) {
        let (lower, upper) = (Int(place.lowerBound), Int(place.upperBound))
        if lower < range.lowerBound || upper > range.upperBound { outcome.isSound = false }
        outcome.mix(lower)
        outcome.mix(upper)
    }

    private func note(_ range: Range<Int>, _ outcome: inout FuzzOutcome) {
        note(head.methodName, range, &outcome)
        note(head.path, range, &outcome)
        if !head.query.isEmpty { note(head.query, range, &outcome) }
        for header in head.headers {
            note(header.name, range, &outcome)
            note(header.value, range, &outcome)
        }
        outcome.mix(head.keepsAlive ? 1 : 0)
        outcome.mix(head.isOldVersion ? 1 : 0)
    }
}

extension Optional {
    /// Hands out what is there and leaves nothing.
    fileprivate mutating func take() -> Wrapped? {
        defer { self = nil }
        return self
    }
}
