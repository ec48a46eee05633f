import Base
import Testing

@testable import ControlPlane

@Suite struct AuthorizationFuzzTests {
    /// Repeats exactly, so that what fails once fails again.
    struct Generator: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var mixed = state
            mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
            mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
            return mixed ^ mixed >> 31
        }
    }

    private static let pieces = [
        "Credential=", "SignedHeaders=", "Signature=", ",", ";", "/", "=", " ", "%", "\0",
    ]

    private static func mutate(_ value: [UInt8], _ generator: inout Generator) -> [UInt8] {
        var bytes = value
        for _ in 0..<Int.random(in: 1...3, using: &generator) {
            let place = Int.random(in: 0...bytes.count, using: &generator)
            let end = min(bytes.count, place + Int.random(in: 0...4, using: &generator))
            switch Int.random(in: 0..<6, using: &generator) {
            case 0: bytes.replaceSubrange(place..<end, with: [])
            case 1: bytes.insert(.random(in: .min ... .max, using: &generator), at: place)
            case 2: bytes.insert(contentsOf: bytes[place..<end], at: place)
            case 3: bytes.insert(contentsOf: (pieces.randomElement(using: &generator) ?? "").utf8, at: place)
            case 4: bytes.removeSubrange(end...)
            default:
                if place < bytes.count { bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &generator) }
            }
        }
        return bytes
    }

    /// Blanks around the parts may change; nothing else may.
    private static func withoutBlanks(_ value: [UInt8]) -> [UInt8] {
        value.filter { $0 != 0x20 && $0 != 0x09 }
    }

    @Test(arguments: 0..<4) func `no mutation of a signature authenticates`(_ seed: UInt64) async throws {
        var generator = Generator(state: seed)
        let signer = RequestSigner()
        let head = signer.head()
        let keys = signer.fixture.table
        let value = try #require(head.headers.last { $0.name == "authorization" }).value
        var accepted = 0
        for round in 0..<25_000 {
            // Others run on this thread too.
            if round.isMultiple(of: 200) { await Task.yield() }
            let mutated = Self.mutate(value, &generator)
            let request = head.authorized(by: mutated)
            guard (try? request.verify(body: [], in: keys, now: IdentityFixture.noon)) != nil else {
                continue
            }
            accepted += 1
            let same = Self.withoutBlanks(mutated) == Self.withoutBlanks(value)
            #expect(same, "round \(round): \(String(decoding: mutated, as: UTF8.self))")
        }
        // The rounds that only moved blanks; without any the test would prove little.
        #expect((1..<2_500).contains(accepted))
    }

    @Test(arguments: 0..<4) func `no mutation of a token authenticates`(_ seed: UInt64) async {
        var generator = Generator(state: seed)
        let fixture = IdentityFixture()
        let keys = fixture.table
        let token = Array(fixture.token(of: fixture.agent).utf8)
        let header = Array("Bearer ".utf8) + token
        for round in 0..<25_000 {
            // Others run on this thread too.
            if round.isMultiple(of: 200) { await Task.yield() }
            let path = Self.mutate(token, &generator)
            let inPath = try? BearerToken.verify(pathToken: path.span, in: keys)
            #expect((inPath != nil) == (path == token), "round \(round)")
            let value = Self.mutate(header, &generator)
            let inHeader = try? BearerToken.verify(header: value.span, in: keys)
            let isToken = value.count > 6 && value.suffix(from: 7).drop { $0 == 0x20 }.elementsEqual(token)
            #expect(inHeader == nil || isToken, "round \(round)")
        }
    }

    @Test func `no mutation of a whole request stops the verifier`() {
        var generator = Generator(state: 7)
        let keys = IdentityFixture().table
        let base = RequestSigner().head()
        var refused = 0
        for _ in 0..<10_000 {
            let head = SignedRequestHead(
                method: "GET",
                path: Self.mutate(base.path, &generator),
                query: Self.mutate(Array("a=%41&b".utf8), &generator),
                headers: base.headers.map { header in
                    let isKept = Bool.random(using: &generator)
                    return isKept
                        ? header : .init(name: header.name, value: Self.mutate(header.value, &generator))
                }
            )
            if (try? head.verify(body: [], in: keys, now: IdentityFixture.noon)) == nil { refused += 1 }
        }
        // Now and then a mutation changes nothing.
        #expect(refused > 9_900)
    }
}
