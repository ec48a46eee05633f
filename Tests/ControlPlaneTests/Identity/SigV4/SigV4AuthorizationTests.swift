import Base
import ControlPlane
import Testing

@Suite struct SigV4AuthorizationTests {
    static let credential = "Credential=FPA/20270115/us-east-1/fis/aws4_request"
    static let digits = String(repeating: "0a", count: 32)
    static let names = "SignedHeaders=host;x-amz-date"
    static let signature = "Signature=\(digits)"

    private func parse(_ text: String) throws(AuthenticationFailure) -> SigV4Authorization {
        try SigV4Authorization(parsing: Array(text.utf8))
    }

    @Test(arguments: [
        "AWS4-HMAC-SHA256 \(credential), \(names), \(signature)",
        "AWS4-HMAC-SHA256 \(credential),\(names),\(signature)",
        "  AWS4-HMAC-SHA256\t \(credential) ,\t\(names) , \(signature)  ",
        "AWS4-HMAC-SHA256 \(signature), \(credential), \(names)",
    ])
    func `spacing and order are the signer's own`(_ text: String) throws {
        let authorization = try parse(text)
        #expect(authorization.keyID == "FPA")
        #expect(authorization.scope.description == "20270115/us-east-1/fis/aws4_request")
        #expect(authorization.signedHeaders == ["host", "x-amz-date"])
        #expect(authorization.signature == Array(Self.digits.utf8))
    }

    struct Refusal: CustomTestStringConvertible {
        let text: String
        let reason: IncompleteSignature

        init(_ text: String, _ reason: IncompleteSignature) { (self.text, self.reason) = (text, reason) }

        var testDescription: String { text }
    }

    static let refusals = [
        Refusal("", .algorithm(EchoedText(""))),
        Refusal("AWS4-HMAC-SHA256", .part(EchoedText(""))),
        Refusal("aws4-hmac-sha256 x", .algorithm(EchoedText("aws4-hmac-sha256"))),
        Refusal("AWS4-ECDSA-P256-SHA256 x", .algorithm(EchoedText("AWS4-ECDSA-P256-SHA256"))),
        Refusal("\(credential), \(names)", .missingPart("Signature")),
        Refusal("\(credential), \(signature)", .missingPart("SignedHeaders")),
        Refusal("\(names), \(signature)", .missingPart("Credential")),
        Refusal("\(credential), \(credential)", .repeatedPart(EchoedText("Credential"))),
        Refusal("\(signature), \(signature)", .repeatedPart(EchoedText("Signature"))),
        Refusal("\(credential), \(names), \(signature),", .part(EchoedText(""))),
        Refusal("\(credential), Other=1", .part(EchoedText("Other=1"))),
        Refusal("\(credential), signature=1", .part(EchoedText("signature=1"))),
        Refusal("\(credential) \(names), \(signature)", .missingPart("SignedHeaders")),
        Refusal("Credential=a/b/c/d, \(names), \(signature)", .credential),
        Refusal("Credential=a/b/c/d/e/f, \(names), \(signature)", .credential),
        Refusal("Credential=a//c/d/e, \(names), \(signature)", .credential),
        Refusal("Credential=a/b/c/d/ü, \(names), \(signature)", .credential),
        Refusal("Credential, \(names), \(signature)", .credential),
        Refusal("\(credential), SignedHeaders=, \(signature)", .signedHeader(EchoedText(""))),
        Refusal("\(credential), SignedHeaders=a;;b, \(signature)", .signedHeader(EchoedText(""))),
        Refusal("\(credential), SignedHeaders=Host, \(signature)", .signedHeader(EchoedText("Host"))),
        Refusal("\(credential), SignedHeaders=a:b, \(signature)", .signedHeader(EchoedText("a:b"))),
        Refusal("\(credential), SignedHeaders=a;b;a, \(signature)", .repeatedSignedHeader(EchoedText("a"))),
        Refusal("\(credential), \(names), Signature=", .signatureText),
        Refusal("\(credential), \(names), \(signature)0", .signatureText),
        Refusal("\(credential), \(names), Signature=\(digits.uppercased())", .signatureText),
        Refusal("\(credential), \(names), Signature=\(digits.dropLast())g", .signatureText),
    ]

    @Test(arguments: refusals) func `what is not a signature is refused with the reason`(
        _ refusal: Refusal
    ) {
        let isWhole = refusal.text.isEmpty || refusal.text.lowercased().hasPrefix("aws4")
        let text = isWhole ? refusal.text : "AWS4-HMAC-SHA256 " + refusal.text
        #expect(throws: AuthenticationFailure.incomplete(refusal.reason)) { try parse(text) }
    }
}
