/// Recognises a signature in the query, to say plainly that it is not accepted.
enum PresignedQuery {
    static func isPresent(in query: [UInt8]) -> Bool {
        query.split(separator: UInt8(ascii: "&")).contains { pair in
            let name = String(decoding: pair.prefix { $0 != UInt8(ascii: "=") }, as: UTF8.self).lowercased()
            return name == "x-amz-signature" || name == "x-amz-algorithm" || name == "x-amz-credential"
        }
    }
}
