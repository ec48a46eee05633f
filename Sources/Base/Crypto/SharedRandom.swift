import Synchronization

/// Random numbers for all threads at once, without a lock and without asking the kernel each time.
///
/// SplitMix64 whose state all share. Not for secrets: for what is only meant not to happen to everybody at the same time.
package final class SharedRandom: Sendable {
    private let state: Atomic<UInt64>

    package init(seed: UInt64 = .random(in: .min ... .max)) { state = Atomic(seed) }

    package func next() -> UInt64 {
        SplitMix64.mixed(state.wrappingAdd(SplitMix64.step, ordering: .relaxed).newValue)
    }

    /// From 0 up to but without 1.
    package func fraction() -> Double { Double(next() >> 11) / 0x1p53 }
}
