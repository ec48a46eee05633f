import Testing

/// A strict reader of Prometheus's text format: what it does not expect, it refuses.
struct PrometheusText {
    struct Sample: Equatable {
        let name: String
        let labels: [String: String]
        let value: Double
    }

    struct Family: Equatable {
        let kind: String
        let help: String
        var samples: [Sample] = []
    }

    struct Malformed: Error { let line: String }

    private(set) var families: [String: Family] = [:]

    init(_ text: String) throws {
        guard text.hasSuffix("\n") else { throw Malformed(line: "no line end at the end") }
        var help: (name: String, text: String)?
        var open = ""
        for line in text.dropLast().split(separator: "\n", omittingEmptySubsequences: false) {
            if line.hasPrefix("# HELP ") {
                let words = line.dropFirst(7).split(separator: " ", maxSplits: 1)
                guard words.count == 2, help == nil else { throw Malformed(line: String(line)) }
                help = (String(words[0]), String(words[1]))
            } else if line.hasPrefix("# TYPE ") {
                let words = line.dropFirst(7).split(separator: " ")
                guard words.count == 2, let told = help, told.name == words[0], families[told.name] == nil,
                    ["counter", "gauge", "histogram"].contains(words[1])
                else { throw Malformed(line: String(line)) }
                families[told.name] = Family(kind: String(words[1]), help: told.text)
                open = told.name
                help = nil
            } else {
                let sample = try Self.sample(line)
                guard let family = families[open], Self.fits(sample.name, open, family.kind),
                    !family.samples.contains(where: { $0.name == sample.name && $0.labels == sample.labels })
                else { throw Malformed(line: String(line)) }
                families[open]?.samples.append(sample)
            }
        }
    }

    func value(_ name: String, _ labels: [String: String] = [:]) -> Double? {
        families.values.lazy.flatMap(\.samples).first { $0.name == name && $0.labels == labels }?.value
    }

    private static func fits(_ name: String, _ family: String, _ kind: String) -> Bool {
        if kind != "histogram" { return name == family }
        return ["_bucket", "_sum", "_count"].contains { name == family + $0 }
    }

    private static func sample(_ line: Substring) throws -> Sample {
        guard let match = line.wholeMatch(of: /([a-z][a-z0-9_]*)(?:\{(.*)\})? (\S+)/),
            let value = match.3 == "+Inf" ? .infinity : Double(match.3)
        else { throw Malformed(line: String(line)) }
        var labels: [String: String] = [:]
        for pair in (match.2 ?? "").split(separator: ",") {
            guard let label = pair.wholeMatch(of: /([a-z_]+)="([^"\\]*)"/), labels[String(label.1)] == nil
            else { throw Malformed(line: String(line)) }
            labels[String(label.1)] = String(label.2)
        }
        return Sample(name: String(match.1), labels: labels, value: value)
    }
}
