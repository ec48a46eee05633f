/// Actions on invocations of Lambda functions: published as configuration, which injectors poll and fault libraries read.
extension Catalogue {
    static let lambdaActions: [CatalogueAction] = [
        onInvocations(
            "aws:lambda:invocation-add-delay",
            "Lets invocations of the target functions wait before the handler starts.",
            [
                .lasting(from: .seconds(1)), share,
                .optional(
                    "startupDelayMilliseconds",
                    .integer(0...900_000),
                    default: "1000",
                    "How many milliseconds an invocation waits."
                ),
            ]
        ),
        onInvocations(
            "aws:lambda:invocation-error",
            "Marks invocations of the target functions as failed.",
            [.lasting(from: .seconds(1)), share, preventExecution]
        ),
        onInvocations(
            "aws:lambda:invocation-http-integration-response",
            "Answers invocations of the target functions with an HTTP status of your choice.",
            [
                .lasting(from: .seconds(1)),
                .required("contentTypeHeader", .text, "The content type of the answer."),
                .required("statusCode", .statusCode, "The HTTP status of the answer."),
                preventExecution, share,
            ]
        ),
    ]

    /// What fault libraries can do to invocations beyond FIS's three actions.
    static let libraryActions: [CatalogueAction] = [
        byLibrary(
            DialectAction.timeout.rawValue,
            "Lets invocations of the target functions wait until just before they time out.",
            [
                .lasting(from: .seconds(1)), share,
                .optional(
                    "timeoutBufferMilliseconds",
                    .integer(0...900_000),
                    default: "0",
                    "How many milliseconds before its time is up an invocation goes on."
                ),
            ]
        ),
        byLibrary(
            DialectAction.denyHosts.rawValue,
            "Lets the target functions find no address for hosts that are denied.",
            [
                .lasting(from: .seconds(1)), share,
                .required("denyList", .list(of: .hostPattern, max: 50), "The hosts, as regular expressions."),
            ]
        ),
        byLibrary(
            DialectAction.diskSpace.rawValue,
            "Fills the temporary folder of the target functions.",
            [
                .lasting(from: .seconds(1)), share,
                .required("diskSpaceMegabytes", .integer(1...10_240), "How many megabytes are filled."),
            ]
        ),
        byLibrary(
            DialectAction.corruptResponse.rawValue,
            "Replaces the body of what the handler of the target functions answers.",
            [
                .lasting(from: .seconds(1)), share,
                .required("body", .text, "The body instead of the handler's."),
            ]
        ),
    ]

    /// An action of libraries comes before the handler or after it by what it is.
    private static func byLibrary(
        _ id: String,
        _ description: String,
        _ parameters: [CatalogueParameter]
    ) -> CatalogueAction {
        onInvocations(id, description, parameters, extensions.filter { $0.name != "when" })
    }

    private static func onInvocations(
        _ id: String,
        _ description: String,
        _ parameters: [CatalogueParameter],
        _ more: [CatalogueParameter] = extensions
    ) -> CatalogueAction {
        CatalogueAction(
            id,
            description,
            slot: .init("Functions", "aws:lambda:function"),
            execution: .polledFault,
            parameters: parameters + more
        )
    }

    private static let share = CatalogueParameter.optional(
        "invocationPercentage",
        .percentage(0...100),
        default: "100",
        "The percentage of invocations that get the fault; 0 is the same as no fault."
    )

    private static let preventExecution = CatalogueParameter.required(
        "preventExecution",
        .boolean,
        "Whether the handler does not run at all; false puts the fault behind it."
    )

    /// What Faultplane adds to every polled fault.
    private static let extensions: [CatalogueParameter] = [
        .extension(
            "maxInvocations",
            .integer(1...Int.max),
            "After how many faults an instance injects no more."
        ),
        .extension(
            "everyNth",
            .integer(1...Int.max),
            "Only every so-manieth invocation of an instance gets the fault."
        ),
        .extension(
            "when",
            .oneOf(["before", "after"]),
            "Whether the fault comes before the handler or after it."
        ),
        .extension(
            "armAtLeastPercent",
            .integer(1...100),
            "The fault begins for all instances together, once that percentage of those that poll hold it."
        ),
        .extension(
            "armTimeout",
            .duration(from: .seconds(1), to: .minutes(10)),
            default: "PT30S",
            "How long that may take; if it takes longer the action fails, and the fault never begins."
        ),
        .extension(
            "ifUnheld",
            .oneOf(["fail", "complete"]),
            default: "fail",
            "How a run ends whose fault no injector ever held."
        ),
    ]
}
