/// What a team wrote down once, to run as often as it likes: targets, actions in their order, and what stops it all.
///
/// Members keep the order in which they were given, so that they are shown as they were written.
package struct ExperimentTemplate: Equatable, Sendable {
    package var description: String
    package var targets: [TemplateTarget]
    package var actions: [TemplateAction]
    package var stopConditions: [StopCondition]
    package var roleARN: String
    package var tags: [Tag]
    package var logConfiguration: LogConfiguration?
    package var options: ExperimentOptions
    package var reportConfiguration: ReportConfiguration?
    /// What should hold before, during and after its runs; nil where nothing is said of that.
    package var hypothesis: Hypothesis?

    package init(
        description: String,
        targets: [TemplateTarget] = [],
        actions: [TemplateAction],
        stopConditions: [StopCondition] = [.none],
        roleARN: String,
        tags: [Tag] = [],
        logConfiguration: LogConfiguration? = nil,
        options: ExperimentOptions = ExperimentOptions(),
        reportConfiguration: ReportConfiguration? = nil,
        hypothesis: Hypothesis? = nil
    ) {
        self.description = description
        self.targets = targets
        self.actions = actions
        self.stopConditions = stopConditions
        self.roleARN = roleARN
        self.tags = tags
        self.logConfiguration = logConfiguration
        self.options = options
        self.reportConfiguration = reportConfiguration
        self.hypothesis = hypothesis
    }
}

/// A name and a value that somebody attached to a resource.
package struct Tag: Hashable, Sendable {
    package var key: String
    package var value: String

    package init(_ key: String, _ value: String) {
        self.key = key
        self.value = value
    }
}

/// One condition that ends a run: `source` decides what `value` means.
package struct StopCondition: Hashable, Sendable {
    package var source: String
    package var value: String?
    /// Of Prometheus: another expression, which must yield something for the first to be believed.
    package var requires: String?
    /// When it counts.
    package var persistence: WrittenPersistence

    package init(
        source: String,
        value: String? = nil,
        requires: String? = nil,
        persistence: WrittenPersistence = WrittenPersistence()
    ) {
        self.source = source
        self.value = value
        self.requires = requires
        self.persistence = persistence
    }

    /// Nothing but its own end, a person or the lever stops the run.
    package static let none = StopCondition(source: "none")
}

/// How a template's runs treat accounts and targets that turn out empty.
package struct ExperimentOptions: Hashable, Sendable {
    package enum AccountTargeting: String, CaseIterable, Sendable {
        case single = "single-account"
        case multiple = "multi-account"
    }

    package enum EmptyTargets: String, CaseIterable, Sendable {
        /// The run fails.
        case fail
        /// Actions that have no target left are skipped.
        case skip
    }

    package var accountTargeting = AccountTargeting.single
    package var emptyTargets = EmptyTargets.fail
    /// Nil where the deployment's own holds.
    package var overlapPolicy: OverlapPolicy?
    /// ISO 8601, as given; only a run that may wait has one.
    package var queueTimeout: String?

    package init() {}
}

/// Where the experiment's log is to go.
package struct LogConfiguration: Equatable, Sendable {
    package var schemaVersion: Int
    package var logGroupARN: String?
    package var bucket: ReportConfiguration.Bucket?

    package init(schemaVersion: Int, logGroupARN: String? = nil, bucket: ReportConfiguration.Bucket? = nil) {
        self.schemaVersion = schemaVersion
        self.logGroupARN = logGroupARN
        self.bucket = bucket
    }
}

/// What the report of a run is made of and where it is to go.
package struct ReportConfiguration: Equatable, Sendable {
    package struct Bucket: Equatable, Sendable {
        package var name: String
        package var prefix: String?

        package init(name: String, prefix: String? = nil) {
            self.name = name
            self.prefix = prefix
        }
    }

    package var bucket: Bucket?
    package var dashboards: [String]
    /// ISO 8601, as given.
    package var before: String?
    package var after: String?

    package init(
        bucket: Bucket? = nil,
        dashboards: [String] = [],
        before: String? = nil,
        after: String? = nil
    ) {
        self.bucket = bucket
        self.dashboards = dashboards
        self.before = before
        self.after = after
    }
}
