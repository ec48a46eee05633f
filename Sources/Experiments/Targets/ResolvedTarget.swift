package import Base

/// The resources that one target of a run means, chosen once and kept for the whole run.
package struct ResolvedTarget: Equatable, Sendable {
    /// The target's name in its template.
    package var name: String
    package var resourceType: String
    /// Sorted.
    package var arns: [String]
    /// Which resources were found and how many of them were taken, in words; the reason where there are none.
    package var explanation: String
    /// What the choice was drawn from, so that it can be drawn again.
    package var seed: UInt64
    /// Those that say how the target is meant rather than which resources it is, such as `functionQualifier`.
    package var parameters: [TemplateAction.Parameter]

    package init(
        name: String,
        resourceType: String,
        arns: [String],
        explanation: String = "",
        seed: UInt64 = 0,
        parameters: [TemplateAction.Parameter] = []
    ) {
        self.name = name
        self.resourceType = resourceType
        self.arns = arns
        self.explanation = explanation
        self.seed = seed
        self.parameters = parameters
    }

    /// Which invocations of its functions are meant; nil means all.
    package var functionQualifier: String? { parameters.first { $0.name == "functionQualifier" }?.value }

    /// One entry for each resource, as FIS lists the resolved targets of an experiment.
    package var listed: [JSON] {
        arns.map { arn in
            [
                "resourceType": .string(resourceType),
                "targetName": .string(name),
                "targetInformation": ["arn": .string(arn)],
            ]
        }
    }
}

/// Why a target could not be resolved, in the words of the run's error.
package struct ResolutionFailure: Error, Equatable, Sendable {
    package var target: String
    package var code: RunError.Code
    package var reason: String

    package init(target: String, code: RunError.Code, reason: String) {
        self.target = target
        self.code = code
        self.reason = reason
    }
}

/// What came of looking for one target.
package enum TargetResult: Equatable, Sendable {
    /// Possibly to nothing; whether that may be is for the run to say.
    case resolved(ResolvedTarget)
    case failed(ResolutionFailure)

    /// The target's name.
    package var target: String {
        switch self {
        case .resolved(let target): target.name
        case .failed(let failure): failure.target
        }
    }
}

/// What came of looking for all targets of a run.
package struct ResolutionOutcome: Equatable, Sendable {
    package var results: [TargetResult]

    package init(_ results: [TargetResult]) { self.results = results }
}
