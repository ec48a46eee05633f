import Base
import Testing

@testable import FaultClient

/// Whatever the network and the clocks do, nothing is injected that is not on, or that is no longer trusted.
@Suite struct ModelTests {
    @Test(
        "a walk through losses, delays, doubles, pauses and clocks that are set",
        arguments: 1...200 as ClosedRange<UInt64>
    )
    func walk(seed: UInt64) {
        var world = World(seed: seed)
        for _ in 0..<400 { world.step() }
    }

    @Test func `the walks show something`() {
        var looks = (on: 0, off: 0)
        for seed: UInt64 in 1...50 {
            var world = World(seed: seed)
            for _ in 0..<400 { world.step() }
            looks = (looks.on + world.looks.on, looks.off + world.looks.off)
        }
        #expect(looks.on > 1_000 && looks.off > 1_000, "\(looks)")
    }
}
