/// Why something stored cannot be read back, and where in it: for the log, since the text may hold what was stored.
package struct StoredFormError: Error, Equatable, CustomStringConvertible {
    /// As in `run.actions[2].status`.
    package let path: String
    package let problem: String

    package var description: String { "\(path): \(problem)" }
}
