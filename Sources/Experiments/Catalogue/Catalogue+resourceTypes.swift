/// What actions act on.
extension Catalogue {
    static let computeTypes: [CatalogueResourceType] = [
        CatalogueResourceType(
            "aws:ec2:autoscaling-group",
            "An Auto Scaling group.",
            arn: ("autoscaling", "autoScalingGroup:")
        ),
        CatalogueResourceType(
            "aws:ec2:ebs-volume",
            "A volume of block storage.",
            arn: ("ec2", "volume/"),
            parameters: [.optional("availabilityZoneIdentifier", .text, "The zone that the volumes are in.")]
        ),
        CatalogueResourceType("aws:ec2:instance", "An EC2 instance.", arn: ("ec2", "instance/")),
        CatalogueResourceType("aws:ec2:spot-instance", "A Spot Instance.", arn: ("ec2", "instance/")),
        CatalogueResourceType("aws:iam:role", "A role that calls AWS APIs.", arn: ("iam", "role/")),
        CatalogueResourceType(
            "aws:lambda:function",
            "A Lambda function.",
            arn: ("lambda", "function:"),
            parameters: [
                .optional(
                    "functionQualifier",
                    .text,
                    "The version or alias whose invocations are meant; not given, all are."
                )
            ]
        ),
    ]

    static let containerTypes: [CatalogueResourceType] = [
        CatalogueResourceType("aws:ecs:cluster", "An ECS cluster.", arn: ("ecs", "cluster/")),
        CatalogueResourceType(
            "aws:ecs:task",
            "A task of ECS.",
            arn: ("ecs", "task/"),
            selectors: [.arns, .tags, .parameters],
            parameters: [
                .optional("cluster", .text, "The cluster that the tasks run in."),
                .optional("service", .text, "The service that the tasks belong to."),
            ]
        ),
        CatalogueResourceType("aws:eks:cluster", "An EKS cluster.", arn: ("eks", "cluster/")),
        CatalogueResourceType("aws:eks:nodegroup", "A node group of EKS.", arn: ("eks", "nodegroup/")),
        CatalogueResourceType(
            "aws:eks:pod",
            "A Kubernetes pod in EKS.",
            arn: nil,
            selectors: [.parameters],
            parameters: [
                .optional("availabilityZoneIdentifier", .text, "The zone that the pods are in."),
                .required("clusterIdentifier", .text, "The name or ARN of the cluster."),
                .required("namespace", .text, "The Kubernetes namespace of the pods."),
                .required(
                    "selectorType",
                    .oneOf(["labelSelector", "deploymentName", "podName"]),
                    "How the selector's value is meant."
                ),
                .required("selectorValue", .text, "The labels, the deployment or the name of the pods."),
                .optional(
                    "targetContainerName",
                    .text,
                    "The container in each pod; not given, the first of its specification."
                ),
            ]
        ),
    ]

    static let dataTypes: [CatalogueResourceType] = [
        CatalogueResourceType("aws:dsql:cluster", "An Aurora DSQL cluster.", arn: ("dsql", "cluster/")),
        CatalogueResourceType("aws:dynamodb:global-table", "A DynamoDB global table.", arn: ("dynamodb", "")),
        CatalogueResourceType(
            "aws:elasticache:replicationgroup",
            "A replication group of ElastiCache.",
            arn: ("elasticache", "replicationgroup:"),
            parameters: [nodeZone]
        ),
        CatalogueResourceType("aws:kinesis:stream", "A Kinesis data stream.", arn: ("kinesis", "stream/")),
        CatalogueResourceType(
            "aws:memorydb:multi-region-cluster",
            "A multi-Region cluster of MemoryDB.",
            arn: ("memorydb", "")
        ),
        CatalogueResourceType(
            "aws:rds:cluster",
            "A database cluster of Aurora or DocumentDB.",
            arn: ("rds", "cluster:"),
            parameters: [
                .optional(
                    "writerAvailabilityZoneIdentifiers",
                    .list(of: .text, max: .max),
                    "The zones that the writer is in, separated by commas, or all."
                )
            ]
        ),
        CatalogueResourceType(
            "aws:rds:db",
            "A database instance.",
            arn: ("rds", "db:"),
            parameters: [
                .optional(
                    "availabilityZoneIdentifiers",
                    .list(of: .text, max: .max),
                    "The zones that the instances are in, separated by commas, or all."
                )
            ]
        ),
        CatalogueResourceType("aws:s3:bucket", "An S3 bucket.", arn: ("s3", "")),
    ]

    static let networkTypes: [CatalogueResourceType] = [
        CatalogueResourceType(
            "aws:arc:zonal-shift-managed-resource",
            "A resource that zonal shift can move: a load balancer, an Auto Scaling group or an EKS cluster.",
            arn: nil
        ),
        CatalogueResourceType(
            "aws:directconnect:virtual-interface",
            "A virtual interface of Direct Connect.",
            arn: ("directconnect", "dxvif/")
        ),
        CatalogueResourceType(
            "aws:ec2:subnet",
            "A subnet.",
            arn: ("ec2", "subnet/"),
            parameters: [
                .optional(
                    "availabilityZoneIdentifier",
                    .text,
                    "The zone that the subnets are in, by name or id."
                ),
                .optional("vpc", .text, "The VPC that the subnets are in."),
            ]
        ),
        CatalogueResourceType(
            "aws:ec2:transit-gateway",
            "A transit gateway.",
            arn: ("ec2", "transit-gateway/")
        ),
        CatalogueResourceType("aws:ec2:vpc-endpoint", "An endpoint of a VPC.", arn: ("ec2", "vpc-endpoint/")),
    ]

    /// The old id of `aws:elasticache:replicationgroup`.
    static let redisReplicationGroup = CatalogueResourceType(
        "aws:elasticache:redis-replicationgroup",
        "Superseded by aws:elasticache:replicationgroup.",
        arn: ("elasticache", "replicationgroup:"),
        parameters: [nodeZone]
    )

    private static let nodeZone = CatalogueParameter.required(
        "availabilityZoneIdentifier",
        .text,
        "The zone, by name or id, that the nodes are in."
    )
}
