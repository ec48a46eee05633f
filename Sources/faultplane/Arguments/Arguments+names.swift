import Base
import Experiments

/// The words that name something, refused where they cannot: they become part of a path.
extension Arguments {
    /// The one experiment that the command is about.
    func experiment(of command: String) throws(UsageError) -> String {
        guard let word = positional.first else { throw UsageError("\(command) needs one EXPERIMENT") }
        try requireNoMore(than: 1)
        guard let id = ExperimentID(word) else {
            throw UsageError("\"\(word)\" is no EXPERIMENT: EXP with letters and digits behind it is")
        }
        return id.description
    }

    func template(of command: String) throws(UsageError) -> String {
        guard let word = positional.first else { throw UsageError("\(command) needs one TEMPLATE") }
        try requireNoMore(than: 1)
        guard let id = TemplateID(word) else {
            throw UsageError("\"\(word)\" is no TEMPLATE: EXT with letters and digits behind it is")
        }
        return id.description
    }

    /// A length of time: ISO 8601's, or the same without its `PT`.
    func duration(_ name: String) throws(UsageError) -> Duration? {
        try reading(name, "a length of time such as 90s, 5m or PT1H30M is accepted") { text in
            let length = ISODuration(text) ?? ISODuration("PT" + text.uppercased())
            return length.flatMap { $0.value > .zero ? $0.value : nil }
        }
    }

    /// Why somebody does it, which others will read.
    func reason(of command: String) throws(UsageError) -> String {
        guard let reason = self["reason"] else { throw UsageError("\(command) needs --reason TEXT") }
        return reason
    }
}
