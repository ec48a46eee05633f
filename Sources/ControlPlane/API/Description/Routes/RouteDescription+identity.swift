import Base
import Experiments

/// `/v1/whoami`, `/v1/keys`, `/v1/accounts` and `/v1/audit`.
extension RouteDescription {
    static let identity: [RouteDescription] = [
        .init("WhoAmI", .identity, "Account, role and key of the caller.", answer: .named("Caller")),
        .init(
            "ListKeys",
            .identity,
            "The account's keys, without their secrets.",
            [account],
            answer: .envelope("keys", .list(of: .named("Key"))),
            errors: [.notFound]
        ),
        .init(
            "CreateKey",
            .identity,
            "Make a key; its secret is told this once.",
            body: .exact(
                .required("role", .choice(Role.self)),
                .required("name", .name),
                .optional(
                    "targetPattern",
                    Schema.text(1...512, "^[!-~]+$").about(
                        "For the role agent, and for no other: function names or ARNs, with * for any characters."
                    )
                ),
                .optional("account", Schema.accountNumber.about(accountText))
            ),
            answer: .object(
                .required("key", .named("Key")),
                .required("secret", .text),
                .required("bearer", Schema.text.about("What stands behind Authorization: Bearer."))
            ),
            errors: [.notFound]
        ),
        .init(
            "RevokeKey",
            .identity,
            "Have every node refuse a key from now on.",
            [account],
            answer: .envelope("key", .named("Key")),
            errors: [.notFound]
        ),
        .init(
            "ListAccounts",
            .identity,
            "The deployment's accounts.",
            answer: .envelope("accounts", .list(of: .named("Account")))
        ),
        .init(
            "CreateAccount",
            .identity,
            "Make an account.",
            body: .exact(.required("id", .accountNumber), .required("name", .name)),
            answer: .envelope("account", .named("Account")),
            errors: [.conflict]
        ),
        .init(
            "ListAuditEvents",
            .identity,
            "Who changed what, newest first.",
            .page,
            answer: .page("events", of: .named("AuditEvent"))
        ),
    ]

    private static let accountText = "Another account than the key's own, for the deployment's admin."
    private static let account = Parameter("account", .accountNumber, accountText)
}
