import Base
import Testing

@Suite struct RandomTests {
    @Test(arguments: [0, 1, 32, 1_000]) func `as many bytes as asked for`(count: Int) {
        #expect(Random.bytes(count).count == count)
    }

    @Test func `every letter of the alphabet comes up, and no other`() {
        let drawn = Set(Random.token(20_000, alphabet: Alphabets.lower).utf8)
        #expect(drawn == Set("abcdefghijklmnopqrstuvwxyz234567".utf8))
        #expect(Set(Random.token(20_000).utf8).count == 62)
    }

    @Test func `no two tokens are the same`() {
        #expect(Set((0..<1_000).map { _ in Random.token(16) }).count == 1_000)
    }
}
