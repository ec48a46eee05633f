import Base
import Testing

@testable import FaultClient

/// Whatever the network and the clocks do, nothing is injected that is not on, or that is no longer trusted.
@Suite struct ModelTests {
    @Test("a walk through losses, delays, doubles, pauses and clocks that are set", arguments: 1...200 as ClosedRange<UInt64>)
    func walk(seed: UInt64) {
        var world = World(seed: seed)
        for _ in 0..<400 { world.step() }
        #expect(world.looks.on > 0 && world.looks.off > 0, "the walk of seed \(seed) shows nothing")
    }
}
