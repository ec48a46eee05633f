package import Base

extension ExperimentTemplate {
    /// The template as FIS shows it: what was given, in that order, and the options with their defaults.
    ///
    /// Ids and times are not the template's own and so not among the members.
    package var json: JSON {
        .present([
            ("description", .string(description)),
            ("targets", .object(targets.map { JSON.Member($0.name, $0.json) })),
            ("actions", .object(actions.map { JSON.Member($0.name, $0.json) })),
            ("stopConditions", .array(stopConditions.map(\.json))),
            ("roleArn", .string(roleARN)),
            ("tags", tags.json),
            ("logConfiguration", logConfiguration?.json),
            ("experimentOptions", options.json),
            ("experimentReportConfiguration", reportConfiguration?.json),
            ("steadyStateHypothesis", hypothesis?.json),
        ])
    }
}

extension TemplateAction {
    package var json: JSON {
        .present([
            ("actionId", .string(actionID)),
            ("description", description.map(JSON.string)),
            ("parameters", parameters.json),
            ("targets", .nonempty(targets.map { JSON.Member($0.slot, .string($0.target)) })),
            ("startAfter", .nonempty(startAfter.map(JSON.string))),
        ])
    }
}

extension TemplateTarget {
    package var json: JSON {
        .present([
            ("resourceType", .string(resourceType)),
            ("resourceArns", .nonempty(resourceARNs.map(JSON.string))),
            ("resourceTags", resourceTags.isEmpty ? nil : resourceTags.json),
            ("filters", .nonempty(filters.map(\.json))),
            ("selectionMode", .string(selection.description)),
            ("parameters", parameters.json),
        ])
    }
}

extension TemplateTarget.Filter {
    fileprivate var json: JSON {
        .present([("path", .string(path)), ("values", .array(values.map(JSON.string)))])
    }
}

extension [TemplateAction.Parameter] {
    /// Nil where there are none.
    fileprivate var json: JSON? { .nonempty(map { JSON.Member($0.name, .string($0.value)) }) }
}

extension StopCondition {
    package var json: JSON {
        .present(
            [
                ("source", .string(source)), ("value", value.map(JSON.string)),
                ("requires", requires.map(JSON.string)),
            ] + persistence.members
        )
    }
}

extension WrittenPersistence {
    /// Of the object that it is a part of.
    var members: [(String, JSON?)] {
        [
            ("for", hold.map(JSON.string)), ("breaches", breaches.map { .integer(Int64($0)) }),
            ("of", of.map { .integer(Int64($0)) }),
        ]
    }
}

extension ExperimentOptions {
    package var json: JSON {
        .present([
            ("accountTargeting", .string(accountTargeting.rawValue)),
            ("emptyTargetResolutionMode", .string(emptyTargets.rawValue)),
            ("overlapPolicy", overlapPolicy.map { .string($0.rawValue) }),
            ("queueTimeout", queueTimeout.map(JSON.string)),
        ])
    }
}

extension LogConfiguration {
    package var json: JSON {
        .present([
            ("cloudWatchLogsConfiguration", logGroupARN.map { .present([("logGroupArn", .string($0))]) }),
            ("s3Configuration", bucket?.json),
            ("logSchemaVersion", .integer(Int64(schemaVersion))),
        ])
    }
}

extension ReportConfiguration {
    package var json: JSON {
        .present([
            ("outputs", bucket.map { .present([("s3Configuration", $0.json)]) }),
            (
                "dataSources",
                JSON.nonempty(dashboards.map { .present([("dashboardIdentifier", .string($0))]) })
                    .map { .present([("cloudWatchDashboards", $0)]) }
            ),
            ("preExperimentDuration", before.map(JSON.string)),
            ("postExperimentDuration", after.map(JSON.string)),
        ])
    }
}

extension ReportConfiguration.Bucket {
    fileprivate var json: JSON {
        .present([("bucketName", .string(name)), ("prefix", prefix.map(JSON.string))])
    }
}

extension JSON {
    /// An object of the members that are there.
    static func present(_ members: [(String, JSON?)]) -> JSON {
        .object(members.compactMap { name, value in value.map { Member(name, $0) } })
    }

    fileprivate static func nonempty(_ members: [Member]) -> JSON? {
        members.isEmpty ? nil : .object(members)
    }

    fileprivate static func nonempty(_ elements: [JSON]) -> JSON? {
        elements.isEmpty ? nil : .array(elements)
    }
}
