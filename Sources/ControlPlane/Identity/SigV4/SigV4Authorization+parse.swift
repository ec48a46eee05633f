import Base

extension SigV4Authorization {
    /// Reads a header's value.
    ///
    /// The three parts may come in any order, with or without space around the commas, as signers in the field
    /// write them; each must be there once and nothing else may be.
    package init(parsing value: [UInt8]) throws(AuthenticationFailure) {
        let trimmed = Whitespace.trim(value[...])
        let algorithm = trimmed.prefix { !Whitespace.contains($0) }
        guard algorithm.elementsEqual("AWS4-HMAC-SHA256".utf8) else {
            throw .incomplete(.algorithm(EchoedText(algorithm)))
        }
        var parts = Parts()
        let rest = trimmed.dropFirst(algorithm.count)
        for part in rest.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false) {
            try parts.take(Whitespace.trim(part))
        }
        guard let credential = parts.credential else { throw .incomplete(.missingPart("Credential")) }
        guard let names = parts.signedHeaders else { throw .incomplete(.missingPart("SignedHeaders")) }
        guard let signature = parts.signature else { throw .incomplete(.missingPart("Signature")) }
        (keyID, scope) = try Self.credential(credential)
        signedHeaders = try Self.names(names)
        self.signature = try Self.signature(signature)
    }

    private struct Parts {
        var credential: ArraySlice<UInt8>?
        var signedHeaders: ArraySlice<UInt8>?
        var signature: ArraySlice<UInt8>?

        mutating func take(_ part: ArraySlice<UInt8>) throws(AuthenticationFailure) {
            let name = part.prefix { $0 != UInt8(ascii: "=") }
            let value = part.dropFirst(name.count + 1)
            let slot: WritableKeyPath<Parts, ArraySlice<UInt8>?>
            switch String(decoding: name, as: UTF8.self) {
            case "Credential": slot = \.credential
            case "SignedHeaders": slot = \.signedHeaders
            case "Signature": slot = \.signature
            default: throw .incomplete(.part(EchoedText(part)))
            }
            guard self[keyPath: slot] == nil else { throw .incomplete(.repeatedPart(EchoedText(name))) }
            self[keyPath: slot] = value
        }
    }

    private static func credential(
        _ text: ArraySlice<UInt8>
    ) throws(AuthenticationFailure) -> (String, CredentialScope) {
        let fields = text.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        guard fields.count == 5, fields.allSatisfy({ !$0.isEmpty && $0.allSatisfy(isVisible) }) else {
            throw .incomplete(.credential)
        }
        let texts = fields.map { String(decoding: $0, as: UTF8.self) }
        let scope = CredentialScope(
            day: texts[1],
            region: texts[2],
            service: texts[3],
            terminator: texts[4]
        )
        return (texts[0], scope)
    }

    private static func names(_ text: ArraySlice<UInt8>) throws(AuthenticationFailure) -> [String] {
        var seen: Set<String> = []
        var names: [String] = []
        for part in text.split(separator: UInt8(ascii: ";"), omittingEmptySubsequences: false) {
            guard !part.isEmpty, part.allSatisfy(isNameLetter) else {
                throw .incomplete(.signedHeader(EchoedText(part)))
            }
            let name = String(decoding: part, as: UTF8.self)
            guard seen.insert(name).inserted else {
                throw .incomplete(.repeatedSignedHeader(EchoedText(part)))
            }
            names.append(name)
        }
        return names
    }

    private static func signature(_ text: ArraySlice<UInt8>) throws(AuthenticationFailure) -> [UInt8] {
        guard SHA256Text.isValid(text) else { throw .incomplete(.signatureText) }
        return Array(text)
    }

    private static func isVisible(_ byte: UInt8) -> Bool { (0x21...0x7E).contains(byte) }

    /// What a header's name may hold, in lower case.
    private static func isNameLetter(_ byte: UInt8) -> Bool {
        isVisible(byte) && !(UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
            && !"\"(),/:;<=>?@[\\]{}".utf8.contains(byte)
    }
}
