import Base
import WebClient

/// How one proves to Prometheus who one is: the first line of a file, which is read anew each time, since such files are changed under way.
struct PrometheusAuth: Sendable {
    /// Nil where nothing is asked for.
    let path: String?

    static let accepted = "its first line should be `bearer TOKEN` or `basic USER:PASSWORD`"

    func proof() throws(SourceFailure) -> WebPeer.Proof {
        guard let path else { return .none }
        let bytes: [UInt8]?
        do throws(SystemError) {
            bytes = try Files.read(path, limit: 1 << 16)
        } catch {
            throw SourceFailure("\(path) cannot be read (\(error.reason))")
        }
        guard let bytes else { throw SourceFailure("there is no file \(path)") }
        let line = String(decoding: bytes.prefix { $0 != 10 && $0 != 13 }, as: UTF8.self)
        guard let proof = Self.proof(line) else {
            throw SourceFailure("\(path) is not understood: \(Self.accepted)")
        }
        return proof
    }

    private static func proof(_ line: String) -> WebPeer.Proof? {
        let words = line.split(separator: " ", omittingEmptySubsequences: true)
        guard let scheme = words.first else { return nil }
        switch scheme.lowercased() {
        case "bearer": return words.count == 2 ? .bearer(Secret(text: String(words[1]))) : nil
        case "basic":
            // The password may hold spaces and colons, the user neither.
            let rest = line[scheme.endIndex...].drop { $0 == " " }
            let parts = rest.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2, !parts[0].isEmpty, !parts[0].contains(" ") else { return nil }
            return .basic(user: String(parts[0]), password: Secret(text: String(parts[1])))
        default: return nil
        }
    }
}
