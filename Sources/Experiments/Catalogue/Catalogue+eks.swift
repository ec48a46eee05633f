/// Actions on Kubernetes pods, and on the clusters they run in.
extension Catalogue {
    static let podActions: [CatalogueAction] = [
        onPods(
            "aws:eks:pod-cpu-stress",
            "Keeps the processors of the target pods busy.",
            [.duration, .cpuLoad, .cpuWorkers],
            policies: ["privileged", "baseline", "restricted"]
        ),
        onPods(
            "aws:eks:pod-delete",
            "Deletes the target pods.",
            [
                .optional(
                    "gracePeriodSeconds",
                    .integer(0...Int.max),
                    "How many seconds a pod has to end by itself; not given, as long as the pod's own setting says."
                )
            ],
            policies: ["privileged", "baseline", "restricted"]
        ),
        onPods(
            "aws:eks:pod-io-stress",
            "Keeps the file systems of the target pods busy.",
            [.duration, .diskWorkers, .diskShare],
            policies: ["privileged", "baseline"]
        ),
        onPods(
            "aws:eks:pod-memory-stress",
            "Fills the memory of the target pods.",
            [
                .duration,
                .optional("workers", .integer(1...Int.max), default: "1", "How many stressors run."),
                .optional(
                    "percent",
                    .percentage(0...100),
                    default: "80",
                    "The percentage of virtual memory to use."
                ),
            ],
            policies: ["privileged", "baseline", "restricted"]
        ),
        onPods(
            "aws:eks:pod-network-blackhole-port",
            "Drops the traffic of the target pods on a port.",
            [
                .duration,
                .required("protocol", .oneOf(["tcp", "udp"]), "The protocol of that traffic."),
                .trafficType, .port,
            ]
        ),
        onPods(
            "aws:eks:pod-network-latency",
            "Slows the traffic of the target pods.",
            [.duration, .interface, .delay, .jitter, .flows, .sources]
        ),
        onPods(
            "aws:eks:pod-network-packet-loss",
            "Loses some of the traffic of the target pods.",
            [.duration, .interface, .loss, .flows, .sources]
        ),
    ]

    static let clusterActions: [CatalogueAction] = [
        CatalogueAction(
            "aws:eks:inject-kubernetes-custom-resource",
            "Runs an experiment of Chaos Mesh or Litmus, which must be installed, on one cluster.",
            slot: .init("Cluster", "aws:eks:cluster"),
            selectors: [.arns],
            maxTargets: 1,
            parameters: [
                .required(
                    "kubernetesApiVersion",
                    .oneOf(["chaos-mesh.org/v1alpha1", "litmuschaos.io/v1alpha1"]),
                    "The version of the custom resource's API."
                ),
                .required("kubernetesKind", .text, "The kind of the custom resource."),
                .required("kubernetesNamespace", .text, "The namespace it is made in."),
                .required("kubernetesSpec", .json, "The spec of the custom resource, as JSON."),
                .required(
                    "maxDuration",
                    .duration(from: .minutes(1), to: .hours(12)),
                    "The longest that it may take."
                ),
            ]
        ),
        CatalogueAction(
            "aws:eks:terminate-nodegroup-instances",
            "Terminates a share of the instances of the target node groups.",
            slot: .init("Nodegroups", "aws:eks:nodegroup"),
            parameters: [
                .required(
                    "instanceTerminationPercentage",
                    .percentage(1...100),
                    "The percentage of instances to terminate."
                )
            ]
        ),
    ]

    /// An action on pods with what they all take; some run under one security policy only and so have no choice of it.
    private static func onPods(
        _ id: String,
        _ description: String,
        _ own: [CatalogueParameter],
        policies: [String]? = nil
    ) -> CatalogueAction {
        var parameters =
            own + [
                .required(
                    "kubernetesServiceAccount",
                    .text,
                    "The Kubernetes service account that the fault runs as."
                ),
                .optional("fisPodContainerImage", .text, "The image of the pod that injects the fault."),
                .optional(
                    "maxErrorsPercent",
                    .percentage(0...100),
                    default: "0",
                    "The percentage of targets that may fail before the action does."
                ),
                .optional("fisPodLabels", .text, "Labels for the pod that injects the fault."),
                .optional("fisPodAnnotations", .text, "Annotations for the pod that injects the fault."),
            ]
        if let policies {
            parameters.append(
                .optional(
                    "fisPodSecurityPolicy",
                    .oneOf(policies),
                    "The Kubernetes security policy of the pods that inject the fault."
                )
            )
        }
        return CatalogueAction(id, description, slot: .init("Pods", "aws:eks:pod"), parameters: parameters)
    }
}
