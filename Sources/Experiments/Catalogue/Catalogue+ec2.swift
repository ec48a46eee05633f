/// Actions on instances and on their volumes.
extension Catalogue {
    static let instanceActions: [CatalogueAction] = [
        CatalogueAction(
            "aws:ec2:reboot-instances",
            "Reboots the target instances.",
            slot: .init("Instances", "aws:ec2:instance")
        ),
        CatalogueAction(
            "aws:ec2:stop-instances",
            "Stops the target instances, and starts them again later if asked to.",
            slot: .init("Instances", "aws:ec2:instance"),
            parameters: [
                .optional(
                    "startInstancesAfterDuration",
                    .duration(from: .minutes(1), to: .hours(12)),
                    "After what time the instances are started again; not given, they stay stopped."
                ),
                .optional(
                    "completeIfInstancesTerminated",
                    .boolean,
                    default: "false",
                    "Whether instances that somebody terminated meanwhile are no failure."
                ),
            ]
        ),
        CatalogueAction(
            "aws:ec2:terminate-instances",
            "Terminates the target instances.",
            slot: .init("Instances", "aws:ec2:instance")
        ),
        CatalogueAction(
            "aws:ec2:send-spot-instance-interruptions",
            "Interrupts the target Spot Instances, with the usual notice of two minutes.",
            slot: .init("SpotInstances", "aws:ec2:spot-instance"),
            parameters: [
                .required(
                    "durationBeforeInterruption",
                    .duration(from: .minutes(2), to: .minutes(15)),
                    "The time from the start of the action to the interruption."
                )
            ]
        ),
        CatalogueAction(
            "aws:ec2:api-insufficient-instance-capacity-error",
            "Makes requests of the target roles for new capacity fail for want of it.",
            slot: .init("Roles", "aws:iam:role"),
            selectors: [.arns],
            parameters: [.duration, zones, .percentage]
        ),
        CatalogueAction(
            "aws:ec2:asg-insufficient-instance-capacity-error",
            "Makes launches of the target Auto Scaling groups fail for want of capacity.",
            slot: .init("AutoScalingGroups", "aws:ec2:autoscaling-group"),
            parameters: [
                .duration, zones,
                .optional(
                    "percentage",
                    .percentage(1...100),
                    default: "100",
                    "The percentage of launches that get the fault."
                ),
            ]
        ),
    ]

    static let volumeActions: [CatalogueAction] = [
        CatalogueAction(
            "aws:ebs:pause-volume-io",
            "Holds all reads and writes of the target volumes.",
            slot: .init("Volumes", "aws:ec2:ebs-volume"),
            parameters: [.lasting(from: .seconds(1))]
        ),
        CatalogueAction(
            "aws:ebs:volume-io-latency",
            "Slows reads and writes of the target volumes.",
            slot: .init("Volumes", "aws:ec2:ebs-volume"),
            parameters: [
                .lasting(from: .seconds(1)),
                ioShare("readIOPercentage", "The percentage of reads that are slowed."),
                ioDelay("readIOLatencyMilliseconds", "By how many milliseconds those reads are slowed."),
                ioShare("writeIOPercentage", "The percentage of writes that are slowed."),
                ioDelay("writeIOLatencyMilliseconds", "By how many milliseconds those writes are slowed."),
            ]
        ),
    ]

    private static let zones = CatalogueParameter.required(
        "availabilityZoneIdentifiers",
        .list(of: .text, max: .max),
        "The Availability Zones without capacity, by name or id, separated by commas."
    )

    private static func ioShare(_ name: String, _ description: String) -> CatalogueParameter {
        .optional(name, .fraction(0.1...100), default: "100", description)
    }

    private static func ioDelay(_ name: String, _ description: String) -> CatalogueParameter {
        .optional(name, .integer(1...60_000), default: "100", description)
    }
}
