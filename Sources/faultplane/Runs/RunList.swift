import Base
import Experiments

/// The runs of an account, newest first: those that are active, and those that have ended.
struct RunList {
    private(set) var active: [JSON] = []
    private(set) var ended: [JSON] = []
    /// Whether there are older ones, among which an active one may be.
    private(set) var isCut = false

    private static let pages = 10
    /// No run may take that long, so none that is older is active.
    private static let longest: Duration = .seconds(2 * 86_400)

    init(of plane: Plane) throws(PlaneError) {
        var path = "/experiments?maxResults=100"
        for _ in 0..<Self.pages {
            let answer = try plane.ask("GET", path)
            let found = answer["experiments"]?.elements ?? []
            for run in found { add(run) }
            guard let token = answer["nextToken"]?.text, token.utf8.allSatisfy(Self.isPlain) else { return }
            let oldest = found.last?["creationTime"]?.moment ?? .now
            if Timestamp.now - oldest > Self.longest { return }
            path = "/experiments?maxResults=100&nextToken=\(token)"
        }
        isCut = true
    }

    private mutating func add(_ run: JSON) {
        let status = run["state"]?["status"]?.text.flatMap { RunStatus(rawValue: $0) }
        if status?.isFinal == false { active.append(run) } else { ended.append(run) }
    }

    /// Tokens are hexadecimal; anything else would have to be encoded.
    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        default: false
        }
    }
}
