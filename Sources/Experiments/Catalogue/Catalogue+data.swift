/// Actions on databases, caches, buckets and streams.
extension Catalogue {
    static let databaseActions: [CatalogueAction] = [
        CatalogueAction(
            "aws:dynamodb:global-table-pause-replication",
            "Pauses the replication of the target global tables.",
            slot: .init("Tables", "aws:dynamodb:global-table"),
            parameters: [.duration]
        ),
        CatalogueAction(
            "aws:dsql:cluster-connection-failure",
            "Lets connections to the target Aurora DSQL clusters fail.",
            slot: .init("Clusters", "aws:dsql:cluster"),
            parameters: [.duration, .percentage]
        ),
        CatalogueAction(
            "aws:elasticache:replicationgroup-interrupt-az-power",
            "Cuts the nodes of the target replication groups off in one Availability Zone.",
            slot: .init("ReplicationGroups", "aws:elasticache:replicationgroup"),
            parameters: [.duration]
        ),
        CatalogueAction(
            "aws:memorydb:multi-region-cluster-pause-replication",
            "Pauses replication between a Region's cluster and the others of the target multi-Region clusters.",
            slot: .init("MultiRegionClusters", "aws:memorydb:multi-region-cluster"),
            parameters: [.duration]
        ),
        CatalogueAction(
            "aws:rds:failover-db-cluster",
            "Fails the target clusters over.",
            slot: .init("Clusters", "aws:rds:cluster")
        ),
        CatalogueAction(
            "aws:rds:reboot-db-instances",
            "Reboots the target database instances.",
            slot: .init("DBInstances", "aws:rds:db"),
            parameters: [
                .optional(
                    "forceFailover",
                    .boolean,
                    default: "false",
                    "Whether instances in several Availability Zones fail over to another."
                )
            ]
        ),
        CatalogueAction(
            "aws:s3:bucket-pause-replication",
            "Pauses replication from the target buckets.",
            slot: .init("Buckets", "aws:s3:bucket"),
            selectors: [.tags],
            parameters: [
                .duration,
                .required("region", .text, "The Region of the buckets that are replicated to."),
                .optional(
                    "destinationBuckets",
                    .list(of: .text, max: .max),
                    "The buckets that are replicated to, separated by commas."
                ),
                .optional(
                    "prefixes",
                    .list(of: .text, max: .max),
                    "Pauses only rules that have one of these prefixes, separated by commas."
                ),
            ]
        ),
    ]

    static let streamActions: [CatalogueAction] = [
        CatalogueAction(
            "aws:kinesis:stream-provisioned-throughput-exception",
            "Answers calls of the target streams as if their throughput were used up.",
            slot: .init("KinesisStreams", "aws:kinesis:stream"),
            parameters: [.duration, .percentage]
        ),
        CatalogueAction(
            "aws:kinesis:stream-expired-iterator-exception",
            "Answers reads of the target streams as if the iterator had expired.",
            slot: .init("KinesisStreams", "aws:kinesis:stream"),
            parameters: [.duration, .percentage]
        ),
    ]

    /// The old id of `aws:elasticache:replicationgroup-interrupt-az-power`.
    static let interruptClusterPower = CatalogueAction(
        "aws:elasticache:interrupt-cluster-az-power",
        "Superseded by aws:elasticache:replicationgroup-interrupt-az-power.",
        slot: .init("ReplicationGroups", "aws:elasticache:redis-replicationgroup"),
        parameters: [.duration]
    )
}
