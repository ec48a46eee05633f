/// The path of a canonical request.
enum CanonicalPath {
    /// As the specification has it for every service but S3: normalised, then encoded as if it were not yet.
    static func encoded(_ path: [UInt8]) -> [UInt8] {
        PercentEncoding.encode(normalized(path), keepingSlashes: true)
    }

    /// Without empty segments, `.` and `..`; a slash at the end stays.
    static func normalized(_ path: [UInt8]) -> [UInt8] {
        let slash = UInt8(ascii: "/")
        var segments: [ArraySlice<UInt8>] = []
        for segment in path.split(separator: slash) where !segment.elementsEqual(".".utf8) {
            if segment.elementsEqual("..".utf8) {
                _ = segments.popLast()
            } else {
                segments.append(segment)
            }
        }
        let end: [UInt8] = path.last == slash && !segments.isEmpty ? [slash] : []
        return [slash] + segments.joined(separator: [slash]) + end
    }

    static func holdsEncodedPercent(_ path: [UInt8]) -> Bool {
        zip(path, zip(path.dropFirst(), path.dropFirst(2))).contains { percent, digits in
            percent == UInt8(ascii: "%") && digits == (UInt8(ascii: "2"), UInt8(ascii: "5"))
        }
    }
}
