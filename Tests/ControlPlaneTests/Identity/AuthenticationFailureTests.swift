import Base
import Testing

@testable import ControlPlane

@Suite struct AuthenticationFailureTests {
    static let key = IdentityFixture.key("A")
    static let text = EchoedText("x")

    /// One of each, with its code.
    static let all: [(AuthenticationFailure, AuthenticationFailure.Code)] = [
        (.missing, .missingToken),
        (.presigned, .incomplete),
        (.unknownScheme, .incomplete),
        (.malformedToken, .incomplete),
        (.incomplete(.noDate), .incomplete),
        (.unknownKey(text), .unrecognized),
        (.revokedKey(key), .unrecognized),
        (.wrongSecret(key), .unrecognized),
        (.scope(ScopeMismatch(key: key, part: .service(text))), .invalidSignature),
        (.skewed(key, signed: IdentityFixture.noon, now: IdentityFixture.noon), .invalidSignature),
        (.payload(key, .unsigned), .invalidSignature),
        (
            .signature(
                SignatureMismatch(
                    key: key,
                    method: text,
                    pathLength: 1,
                    queryLength: 0,
                    bodyLength: 0,
                    signedHeaders: text,
                    tried: [:]
                )
            ), .invalidSignature
        ),
        (.pathTokenNotAgent(key, .admin), .accessDenied),
        (.roleDenies(.viewer, .start), .accessDenied),
        (.deploymentAdminOnly(.disengage), .accessDenied),
        (.targetDenied(nil), .accessDenied),
    ]

    @Test(arguments: all) func `each has AWS's code, 403 and two texts`(
        _ failure: AuthenticationFailure,
        _ code: AuthenticationFailure.Code
    ) {
        #expect(failure.code == code)
        #expect(failure.status == 403)
        #expect(failure.message.hasSuffix("."))
        #expect(failure.logged != .string(""))
        #expect(failure.logged != .string(failure.message))
    }

    @Test func `every code is in use`() {
        #expect(Set(Self.all.map(\.1)) == Set(AuthenticationFailure.Code.allCases))
    }

    @Test func `what a caller sent is said back short and printable`() {
        #expect(EchoedText("a\"b\r\nc\u{1B}ü").description == "a?b??c???")
        let long = String(repeating: "x", count: 97)
        #expect(EchoedText(long).description == long.dropLast() + "...")
        #expect(EchoedText(String(long.dropLast())).description == long.dropLast())
        #expect(EchoedText(Array(long.utf8).span) == EchoedText(long))
    }
}
