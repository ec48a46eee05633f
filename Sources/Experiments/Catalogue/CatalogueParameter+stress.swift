/// Parameters that faults in containers share, whoever runs the containers.
extension CatalogueParameter {
    static let cpuLoad = optional(
        "percent",
        .percentage(0...100),
        default: "100",
        "The load to reach, in percent."
    )

    static let cpuWorkers = optional(
        "workers",
        .integer(0...Int.max),
        default: "0",
        "How many stressors run; 0 is one for each processor."
    )

    static let diskShare = optional(
        "percent",
        .percentage(0...100),
        default: "80",
        "The percentage of free space to use."
    )

    static let diskWorkers = optional(
        "workers",
        .integer(1...Int.max),
        default: "1",
        "How many workers read and write."
    )

    static let port = required("port", .integer(0...65_535), "The number of the port.")

    static let trafficType = required(
        "trafficType",
        .oneOf(["ingress", "egress"]),
        "Whether traffic to the port is dropped or traffic from it."
    )

    static let delay = optional(
        "delayMilliseconds",
        .integer(0...Int.max),
        default: "200",
        "By how many milliseconds traffic is slowed."
    )

    static let jitter = optional(
        "jitterMilliseconds",
        .integer(0...Int.max),
        default: "10",
        "How many milliseconds that delay varies by."
    )

    static let loss = optional(
        "lossPercent",
        .percentage(0...100),
        default: "7",
        "The percentage of packets that are lost."
    )

    static let flows = optional(
        "flowsPercent",
        .percentage(0...100),
        default: "100",
        "The percentage of connections that get the fault; one that does gets it whole."
    )

    static let sources = optional(
        "sources",
        .list(of: .text, max: .max),
        default: "ALL",
        "Whom traffic must go to, separated by commas: addresses, ranges, names, zones, ALL, DYNAMODB or S3."
    )

    static let interface = optional(
        "interface",
        .list(of: .text, max: .max),
        default: "DEFAULT",
        "The network interfaces, separated by commas; ALL and DEFAULT are understood."
    )
}
