import Base
import Testing

@Suite struct SharedRandomTests {
    @Test func `what is drawn is what one who draws alone would get`() {
        let shared = SharedRandom(seed: 7)
        var own = SplitMix64(seed: 7)
        for _ in 0..<100 { #expect(shared.next() == own.next()) }
    }

    @Test func `fractions are spread from 0 to 1`() {
        let shared = SharedRandom()
        var counts = [Int](repeating: 0, count: 10)
        for _ in 0..<10_000 {
            let fraction = shared.fraction()
            #expect(0 <= fraction && fraction < 1)
            counts[min(9, max(0, Int(fraction * 10)))] += 1
        }
        #expect(counts.allSatisfy { (800...1_200).contains($0) }, "\(counts)")
    }

    @Test func `nobody who draws at the same time draws the same`() async {
        let shared = SharedRandom()
        let drawn = await withTaskGroup(of: [UInt64].self) { group in
            for _ in 0..<4 { group.addTask { (0..<1_000).map { _ in shared.next() } } }
            return await group.reduce(into: []) { $0 += $1 }
        }
        #expect(Set(drawn).count == 4_000)
    }
}
