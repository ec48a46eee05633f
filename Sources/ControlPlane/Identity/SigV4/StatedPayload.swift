import Base

/// What `X-Amz-Content-Sha256` says of the body.
enum StatedPayload {
    /// The hash it states, or nil where the header is absent.
    static func hash(of head: SignedRequestHead, key: KeyID) throws(AuthenticationFailure) -> [UInt8]? {
        let values = head.values(of: "x-amz-content-sha256")
        guard let value = values.first else { return nil }
        guard values.count == 1 else { throw .payload(key, .repeated) }
        let text = Whitespace.trim(value[...])
        if text.elementsEqual("UNSIGNED-PAYLOAD".utf8) { throw .payload(key, .unsigned) }
        if text.starts(with: "STREAMING-".utf8) { throw .payload(key, .streaming(EchoedText(text))) }
        guard SHA256Text.isValid(text) else { throw .payload(key, .malformed(EchoedText(text))) }
        return Array(text)
    }
}
