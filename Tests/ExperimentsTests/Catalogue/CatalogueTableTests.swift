import Experiments
import Testing

/// Each action as one line: slot, restrictions and parameters, a required one with a star, a default behind `=`.
@Suite struct CatalogueTableTests {
    private static let apiFault = "[Roles iam:role] duration* service* percentage* operations*"
    private static let pod =
        " kubernetesServiceAccount* fisPodContainerImage maxErrorsPercent=0 fisPodLabels fisPodAnnotations"
    private static let extensions =
        " maxInvocations everyNth when armAtLeastPercent armTimeout=PT30S ifUnheld=fail"

    private static let rows: [String: String] = [
        "arc:start-zonal-autoshift":
            "[ManagedResources arc:zonal-shift-managed-resource] duration* availabilityZoneIdentifier* "
            + "managedResourceTypes zonalAutoshiftStatus=ENABLED",
        "cloudwatch:assert-alarm-state": "alarmArns* alarmStates*",
        "directconnect:virtual-interface-disconnect":
            "[VirtualInterfaces directconnect:virtual-interface] duration*",
        "dsql:cluster-connection-failure": "[Clusters dsql:cluster] duration* percentage*",
        "dynamodb:global-table-pause-replication": "[Tables dynamodb:global-table] duration*",
        "ebs:pause-volume-io": "[Volumes ec2:ebs-volume] duration*",
        "ebs:volume-io-latency":
            "[Volumes ec2:ebs-volume] duration* readIOPercentage=100 readIOLatencyMilliseconds=100 "
            + "writeIOPercentage=100 writeIOLatencyMilliseconds=100",
        "ec2:api-insufficient-instance-capacity-error":
            "[Roles iam:role by resourceArns] duration* availabilityZoneIdentifiers* percentage*",
        "ec2:asg-insufficient-instance-capacity-error":
            "[AutoScalingGroups ec2:autoscaling-group] duration* availabilityZoneIdentifiers* percentage=100",
        "ec2:reboot-instances": "[Instances ec2:instance]",
        "ec2:send-spot-instance-interruptions":
            "[SpotInstances ec2:spot-instance] durationBeforeInterruption*",
        "ec2:stop-instances":
            "[Instances ec2:instance] startInstancesAfterDuration completeIfInstancesTerminated=false",
        "ec2:terminate-instances": "[Instances ec2:instance]",
        "ecs:drain-container-instances": "[Clusters ecs:cluster] drainagePercentage* duration*",
        "ecs:stop-task": "[Tasks ecs:task]",
        "ecs:task-cpu-stress": "[Tasks ecs:task] duration* percent=100 workers=0 installDependencies=True",
        "ecs:task-io-stress": "[Tasks ecs:task] duration* percent=80 workers=1 installDependencies=True",
        "ecs:task-kill-process": "[Tasks ecs:task] processName* signal=SIGTERM installDependencies=True",
        "ecs:task-network-blackhole-port":
            "[Tasks ecs:task] duration* port* trafficType* protocol=tcp installDependencies=True "
            + "useEcsFaultInjectionEndpoints=false",
        "ecs:task-network-latency":
            "[Tasks ecs:task] duration* delayMilliseconds=200 jitterMilliseconds=10 flowsPercent=100 sources=ALL "
            + "installDependencies=True useEcsFaultInjectionEndpoints=false",
        "ecs:task-network-packet-loss":
            "[Tasks ecs:task] duration* lossPercent=7 flowsPercent=100 sources=ALL installDependencies=True "
            + "useEcsFaultInjectionEndpoints=false",
        "eks:inject-kubernetes-custom-resource":
            "[Cluster eks:cluster by resourceArns at most 1] kubernetesApiVersion* kubernetesKind* "
            + "kubernetesNamespace* kubernetesSpec* maxDuration*",
        "eks:pod-cpu-stress": "[Pods eks:pod] duration* percent=100 workers=0" + pod
            + " fisPodSecurityPolicy",
        "eks:pod-delete": "[Pods eks:pod] gracePeriodSeconds" + pod + " fisPodSecurityPolicy",
        "eks:pod-io-stress": "[Pods eks:pod] duration* workers=1 percent=80" + pod + " fisPodSecurityPolicy",
        "eks:pod-memory-stress": "[Pods eks:pod] duration* workers=1 percent=80" + pod
            + " fisPodSecurityPolicy",
        "eks:pod-network-blackhole-port": "[Pods eks:pod] duration* protocol* trafficType* port*" + pod,
        "eks:pod-network-latency":
            "[Pods eks:pod] duration* interface=DEFAULT delayMilliseconds=200 jitterMilliseconds=10 "
            + "flowsPercent=100 sources=ALL" + pod,
        "eks:pod-network-packet-loss":
            "[Pods eks:pod] duration* interface=DEFAULT lossPercent=7 flowsPercent=100 sources=ALL" + pod,
        "eks:terminate-nodegroup-instances": "[Nodegroups eks:nodegroup] instanceTerminationPercentage*",
        "elasticache:interrupt-cluster-az-power":
            "[ReplicationGroups elasticache:redis-replicationgroup] duration*",
        "elasticache:replicationgroup-interrupt-az-power":
            "[ReplicationGroups elasticache:replicationgroup] duration*",
        "fis:inject-api-internal-error": apiFault,
        "fis:inject-api-throttle-error": apiFault,
        "fis:inject-api-unavailable-error": apiFault,
        "fis:wait": "duration*",
        "kinesis:stream-expired-iterator-exception": "[KinesisStreams kinesis:stream] duration* percentage*",
        "kinesis:stream-provisioned-throughput-exception":
            "[KinesisStreams kinesis:stream] duration* percentage*",
        "lambda:invocation-add-delay":
            "[Functions lambda:function] duration* invocationPercentage=100 startupDelayMilliseconds=1000"
            + extensions,
        "lambda:invocation-error":
            "[Functions lambda:function] duration* invocationPercentage=100 preventExecution*" + extensions,
        "lambda:invocation-http-integration-response":
            "[Functions lambda:function] duration* contentTypeHeader* statusCode* preventExecution* "
            + "invocationPercentage=100" + extensions,
        "memorydb:multi-region-cluster-pause-replication":
            "[MultiRegionClusters memorydb:multi-region-cluster] duration*",
        "network:disrupt-connectivity": "[Subnets ec2:subnet] scope* duration* prefixListIdentifier",
        "network:disrupt-vpc-endpoint": "[VPCEndpoints ec2:vpc-endpoint] duration*",
        "network:route-table-disrupt-cross-region-connectivity": "[Subnets ec2:subnet] region* duration*",
        "network:transit-gateway-disrupt-cross-region-connectivity":
            "[TransitGateways ec2:transit-gateway] region* duration*",
        "rds:failover-db-cluster": "[Clusters rds:cluster]",
        "rds:reboot-db-instances": "[DBInstances rds:db] forceFailover=false",
        "s3:bucket-pause-replication":
            "[Buckets s3:bucket by resourceTags] duration* region* destinationBuckets prefixes",
        "ssm:send-command":
            "[Instances ec2:instance] documentArn* documentVersion documentParameters duration*",
        "ssm:start-automation-execution": "documentArn* documentVersion documentParameters maxDuration*",
    ]

    /// What FIS does not have.
    private static let ownRows: [String: String] = [
        "faultplane:lambda:invocation-corrupt-response": "body*",
        "faultplane:lambda:invocation-deny-hosts": "denyList*",
        "faultplane:lambda:invocation-disk-space": "diskSpaceMegabytes*",
        "faultplane:lambda:invocation-timeout": "timeoutBufferMilliseconds=0",
    ].mapValues {
        "[Functions lambda:function] duration* invocationPercentage=100 " + $0
            + extensions.replacing(" when", with: "")
    }

    @Test(arguments: CatalogueTests.actions.map(\.id)) func `an action takes what its documentation says`(
        _ id: String
    ) throws {
        let action = try #require(Catalogue.standard.action(id))
        #expect(line(action) == Self.ownRows[id] ?? Self.rows[String(id.dropFirst(4))])
    }

    @Test func `the table has no line without an action`() {
        let ids = Self.rows.keys.map { "aws:" + $0 } + Self.ownRows.keys
        #expect(Set(ids) == Set(CatalogueTests.actions.map(\.id)))
    }

    private func line(_ action: CatalogueAction) -> String {
        var words: [String] = []
        if let slot = action.slot {
            var restrictions = ""
            if let selectors = action.selectors {
                restrictions += " by " + selectors.map(\.rawValue).sorted().joined(separator: ",")
            }
            if let most = action.maxTargets { restrictions += " at most \(most)" }
            words.append("[\(slot.name) \(slot.resourceType.dropFirst(4))\(restrictions)]")
        }
        words += action.parameters.map(word)
        return words.joined(separator: " ")
    }

    private func word(_ parameter: CatalogueParameter) -> String {
        parameter.name + (parameter.isRequired ? "*" : "") + (parameter.defaultValue.map { "=" + $0 } ?? "")
    }

    private static let types: [String: String] = [
        "aws:ec2:ebs-volume": "availabilityZoneIdentifier",
        "aws:ec2:subnet": "availabilityZoneIdentifier vpc",
        "aws:ecs:task": "cluster service",
        "aws:eks:pod":
            "availabilityZoneIdentifier clusterIdentifier* namespace* selectorType* selectorValue* targetContainerName",
        "aws:elasticache:redis-replicationgroup": "availabilityZoneIdentifier*",
        "aws:elasticache:replicationgroup": "availabilityZoneIdentifier*",
        "aws:lambda:function": "functionQualifier",
        "aws:rds:cluster": "writerAvailabilityZoneIdentifiers",
        "aws:rds:db": "availabilityZoneIdentifiers",
    ]

    @Test func `types take the parameters that FIS documents, the others none`() {
        for type in CatalogueTests.types {
            #expect(
                type.parameters.map(word).joined(separator: " ") == Self.types[type.id, default: ""],
                "\(type.id)"
            )
        }
    }

    @Test func `pods are found by parameters, tasks by these too, and all else by names or tags`() {
        for type in CatalogueTests.types {
            let expected: Set<TargetSelector> =
                switch type.id {
                case "aws:eks:pod": [.parameters]
                case "aws:ecs:task": [.arns, .tags, .parameters]
                default: [.arns, .tags]
                }
            #expect(type.selectors == expected, "\(type.id)")
        }
    }
}
