import Experiments

/// One alarm of CloudWatch's, as it is asked for: by its name, in its region.
struct AlarmName: Hashable, Sendable {
    let arn: String
    let name: String
    let region: String
    let partition: String

    /// One of these in a list would have the whole list refused, and a region becomes part of a host's name.
    init(_ arn: String) throws(SourceFailure) {
        guard let parts = AlarmARN(arn) else { throw SourceFailure("\(arn.quoted) is no ARN of an alarm") }
        let name = parts.name
        guard (1...255).contains(name.unicodeScalars.count) else {
            throw SourceFailure(
                "the alarm's name has \(name.unicodeScalars.count) characters, and 1 to 255 are accepted"
            )
        }
        let isRegion = parts.region.utf8.allSatisfy {
            (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0)
                || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) || $0 == UInt8(ascii: "-")
        }
        guard isRegion, (1...32).contains(parts.region.utf8.count) else {
            throw SourceFailure("\(parts.region.quoted) is no region")
        }
        self.arn = arn
        self.name = name
        region = parts.region
        partition = parts.partition
    }

    /// Where AWS itself answers for it.
    var endpoint: String {
        "https://monitoring.\(region).amazonaws.com" + (partition == "aws-cn" ? ".cn" : "")
    }
}
