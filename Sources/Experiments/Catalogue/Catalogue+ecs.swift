/// Actions on ECS clusters and tasks.
extension Catalogue {
    static let taskActions: [CatalogueAction] = [
        CatalogueAction(
            "aws:ecs:drain-container-instances",
            "Drains a share of the instances under the target clusters.",
            slot: .init("Clusters", "aws:ecs:cluster"),
            parameters: [
                .required(
                    "drainagePercentage",
                    .percentage(1...100),
                    "The percentage of instances to drain."
                ),
                .duration,
            ]
        ),
        onTasks("aws:ecs:stop-task", "Stops the target tasks.", []),
        onTasks(
            "aws:ecs:task-cpu-stress",
            "Keeps the processors of the target tasks busy.",
            [.duration, .cpuLoad, .cpuWorkers, dependencies]
        ),
        onTasks(
            "aws:ecs:task-io-stress",
            "Keeps the file systems of the target tasks busy.",
            [.duration, .diskShare, .diskWorkers, dependencies]
        ),
        onTasks(
            "aws:ecs:task-kill-process",
            "Ends a process in the target tasks.",
            [
                .required("processName", .text, "The name of the process to end."),
                .optional(
                    "signal",
                    .oneOf(["SIGTERM", "SIGKILL"]),
                    default: "SIGTERM",
                    "The signal: SIGTERM, which a process may ignore, or SIGKILL, which it cannot."
                ),
                dependencies,
            ]
        ),
        onTasks(
            "aws:ecs:task-network-blackhole-port",
            "Drops the traffic of the target tasks on a port.",
            [
                .duration, .port, .trafficType,
                .optional(
                    "protocol",
                    .oneOf(["tcp", "udp"]),
                    default: "tcp",
                    "The protocol of that traffic."
                ),
                dependencies, endpoints,
            ]
        ),
        onTasks(
            "aws:ecs:task-network-latency",
            "Slows what the target tasks send.",
            [.duration, .delay, .jitter, .flows, .sources, dependencies, endpoints]
        ),
        onTasks(
            "aws:ecs:task-network-packet-loss",
            "Loses some of what the target tasks send.",
            [.duration, .loss, .flows, .sources, dependencies, endpoints]
        ),
    ]

    private static func onTasks(
        _ id: String,
        _ description: String,
        _ parameters: [CatalogueParameter]
    ) -> CatalogueAction {
        CatalogueAction(id, description, slot: .init("Tasks", "aws:ecs:task"), parameters: parameters)
    }

    private static let dependencies = CatalogueParameter.optional(
        "installDependencies",
        .boolean,
        default: "True",
        "Whether missing tools are installed beside the agent first."
    )

    private static let endpoints = CatalogueParameter.optional(
        "useEcsFaultInjectionEndpoints",
        .boolean,
        default: "false",
        "Whether the fault is asked for at the task's own fault injection endpoints."
    )
}
