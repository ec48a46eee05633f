import Base
import Experiments
import Testing

/// What a template's targets are held to.
@Suite struct TemplateTargetTests {
    private static let function = Draft.function
    private static let checkout = "targets.Checkout"

    /// A template with a single action on a single target of another type.
    private static func on(
        _ type: String,
        _ action: String,
        _ slot: String,
        _ parameters: JSON,
        _ target: JSON
    ) -> [Draft.Change] {
        [
            .remove("actions"), .remove("targets"), .set("targets.T", target),
            .set("targets.T.resourceType", .string(type)), .set("targets.T.selectionMode", "ALL"),
            .set(
                "actions.A",
                [
                    "actionId": .string(action), "parameters": parameters,
                    "targets": .object([.init(slot, "T")]),
                ]
            ),
        ]
    }

    private static func pods(_ target: JSON) -> [Draft.Change] {
        on("aws:eks:pod", "aws:eks:pod-delete", "Pods", ["kubernetesServiceAccount": "chaos"], target)
    }

    private static func buckets(_ target: JSON) -> [Draft.Change] {
        on(
            "aws:s3:bucket",
            "aws:s3:bucket-pause-replication",
            "Buckets",
            ["duration": "PT1M", "region": "eu-west-1"],
            target
        )
    }

    private static func roles(_ target: JSON) -> [Draft.Change] {
        on(
            "aws:iam:role",
            "aws:ec2:api-insufficient-instance-capacity-error",
            "Roles",
            ["duration": "PT1M", "percentage": "1", "availabilityZoneIdentifiers": "use1-az1, use1-az2"],
            target
        )
    }

    private static func cluster(_ target: JSON) -> [Draft.Change] {
        on(
            "aws:eks:cluster",
            "aws:eks:inject-kubernetes-custom-resource",
            "Cluster",
            [
                "kubernetesApiVersion": "chaos-mesh.org/v1alpha1", "kubernetesKind": "PodChaos",
                "kubernetesNamespace": "default", "kubernetesSpec": "{}", "maxDuration": "PT5M",
            ],
            target
        )
    }

    private static let pod: JSON = [
        "clusterIdentifier": "shop", "namespace": "default", "selectorType": "podName", "selectorValue": "a",
    ]
    private static let tags: [Draft.Change] = [
        .remove("\(checkout).resourceArns"), .set("\(checkout).resourceTags", ["a": "b"]),
    ]

    private static let accepted: [Case<[Draft.Change], Void>] = [
        Case("tags", tags, ()),
        Case(
            "a tag of AWS's own",
            [
                .remove("\(checkout).resourceArns"),
                .set("\(checkout).resourceTags", ["aws:cloudformation:stack-name": ""]),
            ],
            ()
        ),
        Case(
            "five names",
            [.set("\(checkout).resourceArns", .array((0..<5).map { .string(function + "\($0)") }))],
            ()
        ),
        Case(
            "empty lists beside",
            [
                .set("\(checkout).filters", []), .set("\(checkout).resourceTags", [:]),
                .set("\(checkout).parameters", [:]),
            ],
            ()
        ),
        Case(
            "filters beside tags",
            tags + [
                .set(
                    "\(checkout).filters",
                    [["path": .string(long(256)), "values": [.string(long(128)), "in use"]]]
                )
            ],
            ()
        ),
        Case("a count", [.set("\(checkout).selectionMode", "COUNT(1)")], ()),
        Case("all percent", [.set("\(checkout).selectionMode", "PERCENT(100)")], ()),
        Case("one percent", [.set("\(checkout).selectionMode", "PERCENT(1)")], ()),
        Case("a qualifier", [.set("\(checkout).parameters", ["functionQualifier": "$LATEST"])], ()),
        Case(
            "tasks by parameters alone",
            on("aws:ecs:task", "aws:ecs:stop-task", "Tasks", [:], ["parameters": ["cluster": "a b"]]),
            ()
        ),
        Case("pods by parameters", pods(["parameters": pod]), ()),
        Case(
            "zones in a list",
            on(
                "aws:rds:cluster",
                "aws:rds:failover-db-cluster",
                "Clusters",
                [:],
                [
                    "resourceTags": ["a": "b"],
                    "parameters": ["writerAvailabilityZoneIdentifiers": "us-east-1a,us-east-1b"],
                ]
            ),
            ()
        ),
        Case("buckets by tags", buckets(["resourceTags": ["a": "b"]]), ()),
        Case("roles by name", roles(["resourceArns": [.string(Draft.role)]]), ()),
        Case("one cluster", cluster(["resourceArns": ["arn:aws:eks:us-east-1:1:cluster/a"]]), ()),
        Case(
            "the old id of a replication group",
            on(
                "aws:elasticache:redis-replicationgroup",
                "aws:elasticache:interrupt-cluster-az-power",
                "ReplicationGroups",
                ["duration": "PT1M"],
                ["resourceTags": ["a": "b"], "parameters": ["availabilityZoneIdentifier": "us-east-1a"]]
            ),
            ()
        ),
    ]

    @Test(arguments: accepted) func `accepts`(_ row: Case<[Draft.Change], Void>) {
        #expect(Draft.small.with(row.input).problems() == [])
    }

    private static let modeWords =
        "ALL, COUNT(n) with n of at least 1, or PERCENT(n) with n from 1 to 100, is accepted"
    private static let arnWords = "an ARN of 20 to 2048 characters is accepted"

    private static let refused: [Case<[Draft.Change], [String]>] = [
        Case(
            "nothing in it",
            [.set(checkout, [:])],
            [
                "targets.Checkout.resourceType is missing: an id of 1 to 128 characters without spaces is accepted",
                "targets.Checkout.selectionMode is missing: \(modeWords)",
            ]
        ),
        Case(
            "another type of value",
            [.set(checkout, "T")],
            ["targets.Checkout is a string: an object is accepted"]
        ),
        Case(
            "a name with a space",
            [
                .set(
                    "targets.my function",
                    [
                        "resourceType": "aws:lambda:function", "resourceTags": ["a": "b"],
                        "selectionMode": "ALL",
                    ]
                ),
                .set("actions.Delay.targets.Functions", "my function"), .remove(checkout),
            ],
            [
                #"targets has the member "my function": a name of 1 to 64 characters without spaces is accepted"#,
                #"actions.Delay.targets.Functions is "my function": a name of 1 to 64 characters without spaces is accepted"#,
            ]
        ),
        Case(
            "a type that there is not",
            [.set("\(checkout).resourceType", "aws:lambda:layer")],
            [
                #"targets.Checkout.resourceType is "aws:lambda:layer": a type that ListTargetResourceTypes names is accepted"#
            ]
        ),
        Case(
            "a type too long",
            [.set("\(checkout).resourceType", .string(long(129)))],
            [
                #"targets.Checkout.resourceType is "\#(long(100))...": an id of 1 to 128 characters without spaces is accepted"#
            ]
        ),
        Case(
            "neither names nor tags",
            [.remove("\(checkout).resourceArns")],
            [
                "targets.Checkout does not say which resources it means: resourceArns or resourceTags is accepted"
            ]
        ),
        Case(
            "only a parameter that is no choice",
            [
                .remove("\(checkout).resourceArns"),
                .set("\(checkout).parameters", ["functionQualifier": "1"]),
            ],
            [
                "targets.Checkout does not say which resources it means: resourceArns or resourceTags is accepted"
            ]
        ),
        Case(
            "names and tags",
            [.set("\(checkout).resourceTags", ["a": "b"])],
            [
                "targets.Checkout.resourceTags and resourceArns are both given: one of them is accepted"
            ]
        ),
        Case(
            "names and filters",
            [.set("\(checkout).filters", [["path": "A", "values": ["b"]]])],
            [
                "targets.Checkout.filters and resourceArns are both given: one of them is accepted"
            ]
        ),
        Case(
            "six names",
            [.set("\(checkout).resourceArns", .array((0..<6).map { .string(function + "\($0)") }))],
            [
                "targets.Checkout.resourceArns has 6 entries: at most 5 are accepted"
            ]
        ),
        Case(
            "names that are none, of another type, too short, or there already",
            [
                .set("\(checkout).resourceArns", ["checkout", 1, .string(function), .string(function)])
            ],
            [
                #"targets.Checkout.resourceArns[0] is "checkout": \#(arnWords)"#,
                "targets.Checkout.resourceArns[1] is a number: \(arnWords)",
                #"targets.Checkout.resourceArns[3] is "\#(function)", which is there already"#,
            ]
        ),
        Case(
            "the name of another resource",
            [.set("\(checkout).resourceArns", [.string(Draft.role)])],
            [
                #"targets.Checkout.resourceArns[0] is "\#(Draft.role)": an ARN of the type aws:lambda:function is accepted"#
            ]
        ),
        Case(
            "a filter that is not whole",
            tags + [
                .set(
                    "\(checkout).filters",
                    [[:], ["path": "a b", "values": []], "c", ["path": "a", "values": "b"]]
                )
            ],
            [
                "targets.Checkout.filters[0].path is missing: a path of 1 to 256 characters without spaces is accepted",
                "targets.Checkout.filters[0].values is missing: a list is accepted",
                #"targets.Checkout.filters[1].path is "a b": a path of 1 to 256 characters without spaces is accepted"#,
                "targets.Checkout.filters[1].values is empty: at least one value is accepted",
                "targets.Checkout.filters[2] is a string: an object is accepted",
                "targets.Checkout.filters[3].values is a string: a list is accepted",
            ]
        ),
        Case(
            "a filter too long",
            tags + [
                .set(
                    "\(checkout).filters",
                    [["path": .string(long(257)), "values": [.string(long(129)), " "]]]
                )
            ],
            [
                #"targets.Checkout.filters[0].path is "\#(long(100))...": a path of 1 to 256 characters without spaces is accepted"#,
                #"targets.Checkout.filters[0].values[0] is "\#(long(100))...": a text of 1 to 128 characters is accepted"#,
                #"targets.Checkout.filters[0].values[1] is " ": a text of 1 to 128 characters is accepted"#,
            ]
        ),
        Case(
            "parameters that there are not, or that it cannot be",
            [
                .set("\(checkout).parameters", ["vpc": "a", "functionQualifier": "a;b"])
            ],
            [
                #"targets.Checkout.parameters.functionQualifier is "a;b": a text of 1 to 1024 letters, digits, spaces and "#
                    + "_ . : / = + - @ , $ is accepted",
                "targets.Checkout.parameters.vpc is not a parameter of aws:lambda:function: functionQualifier is accepted",
            ]
        ),
        Case(
            "pods by name",
            pods(["resourceArns": ["arn:aws:eks:us-east-1:1:pod/a"], "parameters": pod]),
            [
                "targets.T.resourceArns is given for the type aws:eks:pod: parameters is accepted"
            ]
        ),
        Case(
            "pods by tags and half of the parameters",
            pods(["resourceTags": ["a": "b"], "parameters": ["namespace": "a", "selectorType": "uid"]]),
            [
                "targets.T.resourceTags is given for the type aws:eks:pod: parameters is accepted",
                #"targets.T.parameters.selectorType is "uid": labelSelector, deploymentName or podName is accepted"#,
                "targets.T.parameters.clusterIdentifier is missing: a text of 1 to 1024 characters is accepted",
                "targets.T.parameters.selectorValue is missing: a text of 1 to 1024 characters is accepted",
            ]
        ),
        Case(
            "pods by nothing",
            pods([:]),
            [
                "targets.T does not say which resources it means: parameters is accepted",
                "targets.T.parameters.clusterIdentifier is missing: a text of 1 to 1024 characters is accepted",
                "targets.T.parameters.namespace is missing: a text of 1 to 1024 characters is accepted",
                "targets.T.parameters.selectorType is missing: labelSelector, deploymentName or podName is accepted",
                "targets.T.parameters.selectorValue is missing: a text of 1 to 1024 characters is accepted",
            ]
        ),
        Case(
            "buckets by name",
            buckets(["resourceArns": ["arn:aws:s3:::my-bucket"]]),
            [
                #"actions.A.targets.Buckets is "T": a target that says which resources it means by resourceTags is accepted"#
            ]
        ),
        Case(
            "roles by tags",
            roles(["resourceTags": ["a": "b"]]),
            [
                #"actions.A.targets.Roles is "T": a target that says which resources it means by resourceArns is accepted"#
            ]
        ),
        Case(
            "two clusters",
            cluster([
                "resourceArns": ["arn:aws:eks:us-east-1:1:cluster/a", "arn:aws:eks:us-east-1:1:cluster/b"]
            ]),
            [
                #"actions.A.targets.Cluster is "T" with 2 resources: at most 1 is accepted"#
            ]
        ),
        Case(
            "nobody uses it",
            [
                .set(
                    "targets.Other",
                    [
                        "resourceType": "aws:lambda:function", "resourceTags": ["a": "b"],
                        "selectionMode": "ALL",
                    ]
                )
            ],
            [
                "targets.Other is used by no action: a target that an action names is accepted"
            ]
        ),
    ]

    @Test(arguments: refused) func `refuses`(_ row: Case<[Draft.Change], [String]>) {
        #expect(Draft.small.with(row.input).problems() == row.output)
    }

    @Test(arguments: [
        "", "all", "SOME", "COUNT", "COUNT()", "COUNT(0)", "COUNT(-1)", "COUNT(+1)", "COUNT(1", "COUNT( 1)",
        "COUNT(1) ",
        "COUNT(99999999999999999999)", "COUNT(1))", "PERCENT(0)", "PERCENT(101)", "PERCENT(1.5)",
        "PERCENT(10%)", "RANDOM(1)",
    ]) func `refuses a selection that is none or selects nothing`(_ text: String) {
        #expect(SelectionMode(text) == nil)
        #expect(
            Draft.small.with([.set("targets.Checkout.selectionMode", .string(text))]).problems() == [
                #"targets.Checkout.selectionMode is "\#(text)": \#(Self.modeWords)"#
            ]
        )
    }

    @Test func `reads what a selection writes`() {
        for mode in [SelectionMode.all, .count(1), .count(.max), .percent(1), .percent(100)] {
            #expect(SelectionMode(mode.description) == mode)
        }
    }
}
