import Base
import TestSupport
import Testing

@testable import ControlPlane

/// Who may ask for what: the whole table, written down a second time.
struct AuthorizationRow: CustomTestStringConvertible {
    /// The operation's name in the route table.
    let name: String
    let method: String
    let path: String
    var body: JSON?
    /// What a role is told it lacks; nil where any known caller may ask.
    var permission: String?
    /// The callers that are let in; everybody where nil.
    let may: Set<KnownCaller>?
    /// What whoever asks is told, where it is not for callers at all.
    var told: Answer.Failure?
    /// Whether only the token in the path lets anybody in who is not the machine's operator.
    var isByToken = false

    var testDescription: String { name }

    var ask: Ask { Ask(method, path, as: .nothing, body) }

    static let all = identity + registry + experiments

    static let identity: [AuthorizationRow] = [
        .init(name: "Health", method: "GET", path: "/healthz", may: nil),
        .init(name: "Readiness", method: "GET", path: "/readyz", may: nil),
        .init(
            name: "TellPeer",
            method: "POST",
            path: "/v1/peers",
            may: nil,
            told: .init(
                400,
                "ValidationException",
                "This is for nodes of the deployment; what came is not sealed under its master key for this one."
            )
        ),
        reader("ReadParameters", "/"), reader("ReadParametersByToken", "/t/{token}"),
        reader("ReadParametersByTokenAndSlash", "/t/{token}/"),
        .init(name: "Description", method: "GET", path: "/openapi.json", may: nil),
        .init(
            name: "Metrics",
            method: "GET",
            path: "/metrics",
            permission: "read",
            may: [.viewer, .editor, .operator, .admin, .otherAdmin, .otherViewer]
        ),
        .init(name: "WhoAmI", method: "GET", path: "/v1/whoami", may: Set(KnownCaller.allCases)),
        .init(
            name: "ListKeys",
            method: "GET",
            path: "/v1/keys",
            permission: "manageKeys",
            may: [.admin, .otherAdmin]
        ),
        .init(
            name: "CreateKey",
            method: "POST",
            path: "/v1/keys",
            body: ["role": "viewer", "name": "made by the matrix"],
            permission: "manageKeys",
            may: [.admin, .otherAdmin]
        ),
        .init(
            name: "RevokeKey",
            method: "DELETE",
            path: "/v1/keys/{key}",
            permission: "manageKeys",
            may: [.admin, .otherAdmin]
        ),
        .init(
            name: "ListAccounts",
            method: "GET",
            path: "/v1/accounts",
            permission: "manageAccounts",
            may: [.admin]
        ),
        .init(
            name: "CreateAccount",
            method: "POST",
            path: "/v1/accounts",
            body: ["id": "{account}", "name": "team {account}"],
            permission: "manageAccounts",
            may: [.admin]
        ),
        .init(
            name: "ListAuditEvents",
            method: "GET",
            path: "/v1/audit",
            permission: "audit",
            may: [.admin, .otherAdmin]
        ),
    ]

    /// Nobody is refused for who they are; what a stranger reads `ParameterRoutesTests` ask.
    private static func reader(_ name: String, _ path: String) -> AuthorizationRow {
        .init(
            name: name,
            method: "POST",
            path: path,
            may: nil,
            told: .init(
                404,
                "UnknownOperationException",
                "X-Amz-Target is \"\": AmazonSSM.GetParameter, AmazonSSM.GetParameters and "
                    + "AmazonSSM.DescribeParameters are served. "
                    + "Nothing is written this way: faults come from experiments."
            )
        )
    }
}

/// Whoever has a key that is in force: each role in the first account, and some in another.
enum KnownCaller: String, CaseIterable, Sendable {
    case agent, viewer, editor, `operator`, admin, otherAdmin, otherViewer

    var role: Role {
        switch self {
        case .agent: .agent
        case .viewer, .otherViewer: .viewer
        case .editor: .editor
        case .operator: .operator
        case .admin, .otherAdmin: .admin
        }
    }

    var isOfFirstAccount: Bool { self != .otherAdmin && self != .otherViewer }
}

/// Whoever is refused before anything else is said, and with which words.
struct UnknownCaller: Sendable {
    let name: String
    let proof: Ask.Proof
    let code: String
    /// How the message begins; what follows may name the request's own length and method, and nothing of ours.
    let message: String

    static func all(admin: Plane.Key, revoked: Plane.Key, stranger: Plane.Key) -> [UnknownCaller] {
        let nobody =
            "The request carries no credential. Sign it with AWS Signature Version 4, or send "
            + "Authorization: Bearer KEY_ID.SECRET."
        return [
            .init("nobody", .nothing, .missingToken, nobody),
            .init("an unknown key", stranger.bearer, .unrecognizedClient, unknown(stranger)),
            .init("an unknown key that signs", stranger.signature, .unrecognizedClient, unknown(stranger)),
            .init(
                "a wrong secret",
                .bearer("\(admin.id).\(String(admin.secret.reversed()))"),
                .unrecognizedClient,
                unknown(admin)
            ),
            .init(
                "half a secret",
                .bearer("\(admin.id).\(admin.secret.dropLast())"),
                .unrecognizedClient,
                unknown(admin)
            ),
            .init("no secret", .bearer("\(admin.id)."), .unrecognizedClient, unknown(admin)),
            .init("a revoked key", revoked.bearer, .unrecognizedClient, unknown(revoked)),
            .init("a revoked key that signs", revoked.signature, .unrecognizedClient, unknown(revoked)),
            .init(
                "a wrong signature",
                .signature(id: admin.id, secret: "not" + admin.secret),
                .invalidSignature,
                "The signature is not the one that the key's secret gives for this request as it arrived: "
            ),
            .init(
                "a token without a dot",
                .bearer("abc"),
                .incompleteSignature,
                "The token is not KEY_ID.SECRET, where KEY_ID is FP and 18 characters of A-Z and 2-7."
            ),
            .init(
                "another scheme",
                .header("Basic YWRtaW46YWRtaW4="),
                .incompleteSignature,
                "The Authorization header is neither AWS4-HMAC-SHA256 nor Bearer KEY_ID.SECRET."
            ),
            .init(
                "an empty header",
                .header(""),
                .incompleteSignature,
                "The Authorization header is neither AWS4-HMAC-SHA256 nor Bearer KEY_ID.SECRET."
            ),
        ]
    }

    private init(_ name: String, _ proof: Ask.Proof, _ code: ErrorCode, _ message: String) {
        self.name = name
        self.proof = proof
        self.code = code.rawValue
        self.message = message
    }

    private static func unknown(_ key: Plane.Key) -> String {
        "The key \(key.id) is not known, was revoked, or does not have this secret."
    }
}
