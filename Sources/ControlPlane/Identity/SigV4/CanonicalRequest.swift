import Base

/// The text whose hash is signed.
enum CanonicalRequest {
    /// Nil where the form could mean two things for this request.
    static func text(
        _ head: SignedRequestHead,
        form: CanonicalForm,
        signedHeaders: [String],
        payloadHash: String
    ) -> [UInt8]? {
        guard let target = form.target(head) else { return nil }
        let newline = UInt8(ascii: "\n")
        var text = Array(head.method.utf8) + [newline] + target.path + [newline] + target.query + [newline]
        for name in signedHeaders {
            text += name.utf8
            text.append(UInt8(ascii: ":"))
            text += head.values(of: name).map(Whitespace.collapse).joined(separator: [UInt8(ascii: ",")])
            text.append(newline)
        }
        text.append(newline)
        text += signedHeaders.joined(separator: ";").utf8
        text.append(newline)
        text += payloadHash.utf8
        return text
    }
}
