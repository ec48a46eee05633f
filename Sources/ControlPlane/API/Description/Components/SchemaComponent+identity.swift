import Base

/// Keys, accounts, and the record of what was done with them.
extension SchemaComponent {
    static let identity: [SchemaComponent] = [
        .init(
            "Caller",
            .object(
                .required("account", .accountNumber),
                .required("role", .choice(Role.self)),
                .required("keyId", Schema.keyID.orNull),
                .optional("targetPattern", .text)
            )
        ),
        .init(
            "Key",
            .object(
                .required("id", .keyID),
                .required("account", .accountNumber),
                .required("role", .choice(Role.self)),
                .required("name", .name),
                .required("targetPattern", Schema.text.orNull),
                .required("createdAt", .time),
                .required("createdBy", .text),
                .required("revokedAt", Schema.time.orNull)
            )
        ),
        .init(
            "Account",
            .object(
                .required("id", .accountNumber),
                .required("name", .name),
                .required("createdAt", .time)
            )
        ),
        .init(
            "AuditEvent",
            .object(
                .required("id", .whole),
                .required("at", .time),
                .required("actor", .text),
                .required("origin", .oneOf(["api", "control-socket", "background"])),
                .required("address", Schema.text.orNull),
                .required("requestId", .text),
                .required("action", .pattern(#"^[a-z-]+\.[a-z-]+$"#)),
                .required("subject", .text),
                .required("details", Schema(type: "object"))
            )
        ),
    ]
}
