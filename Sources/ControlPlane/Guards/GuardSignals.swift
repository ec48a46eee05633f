/// What the rest of a node has to do with the looking at guards: it can ask for a look, and show what was counted.
struct GuardSignals: Sendable {
    let looking = Ticker()
    /// Sessions that nobody else takes: a guard that waits behind requests would be one that cannot be read.
    let database = DatabaseDoor()
    let metrics = GuardMetrics()

    /// Has whatever is due looked at now.
    func look() { looking.nudge() }
}
