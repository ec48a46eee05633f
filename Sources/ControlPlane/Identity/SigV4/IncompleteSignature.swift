package import Base

/// What is missing from a signature, or stands in it and must not.
package enum IncompleteSignature: Hashable, Sendable {
    case severalAuthorizations
    case algorithm(EchoedText)
    case part(EchoedText)
    case repeatedPart(EchoedText)
    case missingPart(String)
    case credential
    case signatureText
    case signedHeader(EchoedText)
    case repeatedSignedHeader(EchoedText)
    case absentHeader(EchoedText)
    case unsignedHeader(EchoedText)
    case noDate
    case repeatedDate
    case date(EchoedText)

    var message: String {
        switch self {
        case .severalAuthorizations:
            "The request has more than one Authorization header."
        case .algorithm(let given):
            "The signing algorithm is \"\(given)\"; only AWS4-HMAC-SHA256 is accepted."
        case .part(let given):
            "The Authorization header holds \"\(given)\", which is none of Credential=, SignedHeaders= and "
                + "Signature=."
        case .repeatedPart(let name):
            "The Authorization header holds \(name)= more than once."
        case .missingPart(let name):
            "The Authorization header lacks \(name)=."
        case .credential:
            "Credential= is not KEY_ID/YYYYMMDD/REGION/SERVICE/aws4_request."
        case .signatureText:
            "Signature= is not 64 lower-case hexadecimal digits."
        case .signedHeader(let name):
            "SignedHeaders= names \"\(name)\", which is not a header's name in lower case."
        case .repeatedSignedHeader(let name):
            "SignedHeaders= names \(name) more than once."
        case .absentHeader(let name):
            "SignedHeaders= names \(name), and the request has no such header."
        case .unsignedHeader(let name):
            "The header \(name) must be signed; host and every x-amz-* header must."
        case .noDate:
            "The request has neither X-Amz-Date nor Date."
        case .repeatedDate:
            "The request says more than once when it was signed; send one X-Amz-Date."
        case .date(let given):
            "The time of signing is \"\(given)\", and not as in 20261120T173041Z."
        }
    }
}
