/// Actions on subnets, gateways, endpoints and leased lines.
extension Catalogue {
    static let networkActions: [CatalogueAction] = [
        CatalogueAction(
            "aws:network:disrupt-connectivity",
            "Denies traffic of the target subnets.",
            slot: .init("Subnets", "aws:ec2:subnet"),
            parameters: [
                .required(
                    "scope",
                    .oneOf(["all", "availability-zone", "dynamodb", "prefix-list", "s3", "s3express", "vpc"]),
                    "Which traffic is denied."
                ),
                .duration,
                .optional(
                    "prefixListIdentifier",
                    .text,
                    "The prefix list, by name, id or ARN, where the scope is prefix-list."
                ),
            ]
        ),
        CatalogueAction(
            "aws:network:disrupt-vpc-endpoint",
            "Blocks all traffic of the target interface endpoints.",
            slot: .init("VPCEndpoints", "aws:ec2:vpc-endpoint"),
            parameters: [.duration]
        ),
        CatalogueAction(
            "aws:network:route-table-disrupt-cross-region-connectivity",
            "Blocks what the target subnets send to another Region.",
            slot: .init("Subnets", "aws:ec2:subnet"),
            parameters: [otherRegion, .duration]
        ),
        CatalogueAction(
            "aws:network:transit-gateway-disrupt-cross-region-connectivity",
            "Blocks what goes through the target transit gateways to another Region.",
            slot: .init("TransitGateways", "aws:ec2:transit-gateway"),
            parameters: [otherRegion, .duration]
        ),
        CatalogueAction(
            "aws:directconnect:virtual-interface-disconnect",
            "Takes the BGP sessions of the target virtual interfaces down.",
            slot: .init("VirtualInterfaces", "aws:directconnect:virtual-interface"),
            parameters: [.lasting(from: .minutes(10))]
        ),
    ]

    private static let otherRegion = CatalogueParameter.required(
        "region",
        .text,
        "The Region to be cut off from, such as eu-west-1."
    )
}
