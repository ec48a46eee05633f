/// Actions of the plane itself, of alarms and of recovery.
extension Catalogue {
    static let controlActions: [CatalogueAction] = [
        CatalogueAction(
            "aws:fis:wait",
            "Lets time pass, while stop conditions are watched on.",
            execution: .wait,
            parameters: [.lasting(from: .seconds(1))]
        ),
        apiFault(
            "aws:fis:inject-api-internal-error",
            "Makes AWS APIs answer calls of the target roles with internal errors."
        ),
        apiFault(
            "aws:fis:inject-api-throttle-error",
            "Makes AWS APIs answer calls of the target roles as if there were too many."
        ),
        apiFault(
            "aws:fis:inject-api-unavailable-error",
            "Makes AWS APIs answer calls of the target roles as if the service were not available."
        ),
        CatalogueAction(
            "aws:cloudwatch:assert-alarm-state",
            "Checks once that alarms are in one of the given states, and fails where one is not.",
            execution: .assertion,
            parameters: [
                .required("alarmArns", .list(of: .arn, max: 5), "The alarms to check, separated by commas."),
                .required(
                    "alarmStates",
                    .list(of: .oneOf(["OK", "ALARM", "INSUFFICIENT_DATA"]), max: 3),
                    "The states that pass, separated by commas."
                ),
            ]
        ),
        CatalogueAction(
            "aws:arc:start-zonal-autoshift",
            "Moves the traffic of the target resources away from an Availability Zone.",
            slot: .init("ManagedResources", "aws:arc:zonal-shift-managed-resource"),
            parameters: [
                .duration,
                .required(
                    "availabilityZoneIdentifier",
                    .text,
                    "The zone, by name or id, that traffic leaves."
                ),
                .optional(
                    "managedResourceTypes",
                    .list(of: .oneOf(["ASG", "ALB", "NLB", "EKS"]), max: 4),
                    "Which types of resources shift, separated by commas."
                ),
                .optional(
                    "zonalAutoshiftStatus",
                    .oneOf(["ENABLED", "DISABLED", "ANY"]),
                    default: "ENABLED",
                    "Which resources are meant, by whether zonal autoshift is on for them."
                ),
            ]
        ),
    ]

    private static func apiFault(_ id: String, _ description: String) -> CatalogueAction {
        CatalogueAction(
            id,
            description,
            slot: .init("Roles", "aws:iam:role"),
            parameters: [
                .duration,
                .required("service", .oneOf(["ec2", "kinesis"]), "The service whose API answers so."),
                .percentage,
                .required(
                    "operations",
                    .list(of: .text, max: .max),
                    "The operations of the API that get the fault, separated by commas."
                ),
            ]
        )
    }
}
