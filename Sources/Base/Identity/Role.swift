/// What the holder of a key may do.
package enum Role: String, CaseIterable, Sendable {
    /// Everything in its account.
    case admin
    /// Starts and stops experiments and engages the lever.
    case `operator`
    /// Writes templates.
    case editor
    /// Reads.
    case viewer
    /// Polls, acknowledges and reports for the targets its pattern names; the only role that has a pattern.
    case agent
}

extension Role: LosslessStringConvertible {
    package init?(_ text: String) { self.init(rawValue: text) }

    package var description: String { rawValue }
}

extension Role: LogValue {
    package var logged: JSON { .string(rawValue) }
}
