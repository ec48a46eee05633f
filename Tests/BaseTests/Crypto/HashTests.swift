import Base
import Testing

@Suite struct HashTests {
    private static let million = [UInt8](repeating: UInt8(ascii: "a"), count: 1_000_000)

    /// FIPS 180-4's own examples.
    private static let digests: [Case<[UInt8], String>] = [
        Case("nothing", [], "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        Case("abc", Array("abc".utf8), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        Case(
            "two blocks",
            Array("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq".utf8),
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
        ),
        Case(
            "a million letters",
            million,
            "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"
        ),
    ]

    @Test(arguments: digests) func `SHA-256 is FIPS 180-4's`(_ row: Case<[UInt8], String>) {
        #expect(Hex.encode(Hash.sha256(row.input)) == row.output)
    }

    private struct Signing: Sendable {
        var key: [UInt8]
        var message: [UInt8]
    }

    /// RFC 4231, sections 4.2 to 4.8, without the truncated one; and the empty key, which the standard allows.
    private static let signatures: [Case<Signing, String>] = [
        Case(
            "4.2",
            Signing(key: [UInt8](repeating: 0x0B, count: 20), message: Array("Hi There".utf8)),
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"
        ),
        Case(
            "4.3, a key shorter than the digest",
            Signing(key: Array("Jefe".utf8), message: Array("what do ya want for nothing?".utf8)),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        ),
        Case(
            "4.4, together longer than a block",
            Signing(key: [UInt8](repeating: 0xAA, count: 20), message: [UInt8](repeating: 0xDD, count: 50)),
            "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"
        ),
        Case(
            "4.5",
            Signing(key: Array(1...25), message: [UInt8](repeating: 0xCD, count: 50)),
            "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b"
        ),
        Case(
            "4.7, a key longer than a block",
            Signing(
                key: [UInt8](repeating: 0xAA, count: 131),
                message: Array("Test Using Larger Than Block-Size Key - Hash Key First".utf8)
            ),
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"
        ),
        Case(
            "4.8, both longer than a block",
            Signing(
                key: [UInt8](repeating: 0xAA, count: 131),
                message: Array(
                    ("This is a test using a larger than block-size key and a larger than block-size data. "
                        + "The key needs to be hashed before being used by the HMAC algorithm.").utf8
                )
            ),
            "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2"
        ),
        Case(
            "nothing under nothing",
            Signing(key: [], message: []),
            "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad"
        ),
    ]

    @Test(arguments: signatures) private func `HMAC is RFC 4231's`(_ row: Case<Signing, String>) {
        #expect(Hex.encode(Hash.hmac(key: row.input.key, row.input.message)) == row.output)
    }

    @Test func `a text is signed as its UTF-8`() {
        #expect(Hash.hmac(key: [1], "é") == Hash.hmac(key: [1], [0xC3, 0xA9]))
    }

    private static let comparisons: [Case<([UInt8], [UInt8]), Bool>] = [
        Case("nothing and nothing", ([], []), true),
        Case("the same", ([1, 2, 3], [1, 2, 3]), true),
        Case("the first differs", ([0, 2, 3], [1, 2, 3]), false),
        Case("the last differs", ([1, 2, 3], [1, 2, 2]), false),
        Case("one is the other's beginning", ([1, 2], [1, 2, 3]), false),
        Case("nothing and something", ([], [0]), false),
    ]

    @Test(arguments: comparisons)
    func `comparing in constant time is comparing`(_ row: Case<([UInt8], [UInt8]), Bool>) {
        #expect(Hash.constantTimeEqual(row.input.0, row.input.1) == row.output)
    }
}
