/// `/safetyLevers` and `/emergency-stop`.
extension RouteDescription {
    static let safety: [RouteDescription] = [
        .init("GetSafetyLever", .safety, "How the lever stands.", answer: lever, errors: [.notFound]),
        .init(
            "UpdateSafetyLeverState",
            .safety,
            "Engage the lever, which stops every experiment and cancels every start, or disengage it, "
                + "which only an admin of the deployment's first account may.",
            body: .exact(
                .required(
                    "state",
                    .exact(
                        .required("status", .oneOf(["engaged", "disengaged"])),
                        .required("reason", .reason)
                    )
                )
            ),
            answer: lever,
            errors: [.notFound, .conflict]
        ),
        .init("GetEmergencyStop", .safety, "What is known of the last halt.", answer: .named("HaltProof")),
        .init(
            "EmergencyStop",
            .safety,
            "Engage the lever in one call, and tell what was stopped; may be repeated.",
            body: .exact(
                .required("reason", .reason),
                .optional(
                    "wait",
                    Schema.number(0...50).about(
                        "How many seconds the answer may wait until everybody is off; it comes as soon as they are."
                    )
                ),
                .optional(
                    "scope",
                    Schema.oneOf(["deployment", "account"]).about(
                        "account stops only the caller's account's experiments, and leaves the lever as it is."
                    )
                )
            ),
            answer: .anyOf([.named("HaltProof"), .named("AccountHalt")])
        ),
        .init(
            "TellPeer",
            .safety,
            "What nodes of the deployment tell each other of a halt, sealed under its master key; nobody else is answered.",
            answers: [Answer(contents: [("application/octet-stream", .text)])],
            errors: [.validation],
            needsDatabase: false
        ),
    ]

    private static let lever = Schema.envelope("safetyLever", .named("SafetyLever"))
}
