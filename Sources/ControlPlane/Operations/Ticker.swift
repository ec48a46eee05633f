import Base

/// A stream of reasons to look again: one every so often, and one whenever somebody gives a nudge.
///
/// Several at once are one: whoever looks sees everything.
package struct Ticker: Sendable {
    package let ticks: AsyncStream<Void>
    private let continuation: AsyncStream<Void>.Continuation

    package init() {
        (ticks, continuation) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    package func nudge() { continuation.yield() }

    /// Ticks until cancelled, then ends the stream.
    package func run(every period: Duration) async {
        while !Task.isCancelled {
            continuation.yield()
            do {
                try await Task.sleep(for: period)
            } catch {
                break
            }
        }
        continuation.finish()
    }
}
