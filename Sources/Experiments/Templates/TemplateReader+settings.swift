/// What ends a run, and what is written about it.
extension TemplateReader {
    func stopConditions(_ reader: inout MemberReader) -> [StopCondition] {
        let conditions = reader.objects(
            "stopConditions",
            limit: limits.stopConditions,
            isRequired: true,
            stopCondition
        )
        if conditions.isEmpty, !reader.isDoubtful("stopConditions") {
            reader.refuse(
                "stopConditions",
                "stopConditions is empty: at least one is accepted, where nothing is watched with the source none"
            )
        }
        if conditions.count > 1, let index = conditions.firstIndex(where: { $0.source == "none" }) {
            let place = "stopConditions[\(index)].source"
            reader.refuse(
                place,
                "\(place) is \"none\" beside others: none alone or others without it is accepted"
            )
        }
        return conditions
    }

    private func stopCondition(_ reader: inout MemberReader) -> StopCondition {
        let condition = StopCondition(
            source: reader.requiredText("source", .stopConditionSource),
            value: reader.text("value", .stopConditionValue)
        )
        guard let source = StopConditionSource(rawValue: condition.source) else {
            if !reader.isDoubtful("source") {
                reader.refuse(
                    reader.child("source"),
                    given: condition.source,
                    accepted: StopConditionSource.names
                )
            }
            return condition
        }
        if reader.isDoubtful("value") { return condition }
        let place = reader.child("value")
        switch (condition.trimmedValue, source) {
        case (nil, .none): break
        case (nil, _): reader.refuse(place, "\(place) is missing: \(source.accepted) is accepted")
        case (let value?, _) where source.accepts(value): break
        case (let value?, _): reader.refuse(place, given: value, accepted: source.accepted)
        }
        return condition
    }

    func logConfiguration(_ reader: inout MemberReader) -> LogConfiguration {
        let configuration = LogConfiguration(
            schemaVersion: reader.whole("logSchemaVersion", oneOf: [1, 2]) ?? 2,
            logGroupARN: reader.object("cloudWatchLogsConfiguration") {
                $0.requiredText("logGroupArn", .arn)
            },
            bucket: reader.object("s3Configuration") { bucket(&$0, prefix: .logPrefix) }
        )
        let isUnclear =
            reader.isDoubtful("cloudWatchLogsConfiguration") || reader.isDoubtful("s3Configuration")
        if configuration.logGroupARN == nil, configuration.bucket == nil, !isUnclear {
            // These are FIS's own words, which its users search for.
            reader.refuse(
                reader.path,
                "Must specify at least one log destination in logConfiguration: "
                    + "cloudWatchLogsConfiguration or s3Configuration is accepted"
            )
        }
        return configuration
    }

    func options(_ reader: inout MemberReader) -> ExperimentOptions {
        var options = ExperimentOptions()
        options.accountTargeting = choice("accountTargeting", &reader) ?? options.accountTargeting
        options.emptyTargets = choice("emptyTargetResolutionMode", &reader) ?? options.emptyTargets
        options.overlapPolicy = choice("overlapPolicy", &reader)
        options.queueTimeout = time("queueTimeout", ExperimentOptions.queueTimeoutKind, &reader)
        if options.queueTimeout != nil, options.overlapPolicy != .queue, !reader.isDoubtful("overlapPolicy") {
            let place = reader.child("queueTimeout")
            reader.refuse(
                place,
                "\(place) is given without overlapPolicy queue: only with that is it accepted"
            )
        }
        return options
    }

    func reportConfiguration(_ reader: inout MemberReader) -> ReportConfiguration {
        ReportConfiguration(
            bucket: reader.object("outputs") { outputs in
                outputs.object("s3Configuration") { bucket(&$0, prefix: .reportPrefix) }
            } ?? nil,
            dashboards: reader.object("dataSources") { sources in
                sources.objects("cloudWatchDashboards", limit: TemplateLimits.entries) {
                    $0.requiredText("dashboardIdentifier", .dashboard)
                }
            } ?? [],
            before: window("preExperimentDuration", &reader),
            after: window("postExperimentDuration", &reader)
        )
    }

    private func bucket(_ reader: inout MemberReader, prefix: TextRule) -> ReportConfiguration.Bucket {
        ReportConfiguration.Bucket(
            name: reader.requiredText("bucketName", .bucketName),
            prefix: reader.text("prefix", prefix)
        )
    }

    /// How long before or after a run its report looks.
    private func window(_ name: String, _ reader: inout MemberReader) -> String? {
        time(name, .duration(from: .seconds(0), to: .hours(12)), &reader)
    }

    /// A length of time, as it is given.
    private func time(_ name: String, _ kind: ParameterKind, _ reader: inout MemberReader) -> String? {
        let text = reader.text(
            name,
            TextRule(length: 1...32, content: .withoutSpaces, accepted: kind.accepted)
        )
        if let text, !reader.isDoubtful(name), !kind.accepts(text) {
            reader.refuse(reader.child(name), given: text, accepted: kind.accepted)
        }
        return text
    }

    private func choice<Choice: RawRepresentable<String> & CaseIterable>(
        _ name: String,
        _ reader: inout MemberReader
    ) -> Choice? {
        reader.meaning(name, accepted: Choice.allCases.map(\.rawValue).alternatives, Choice.init(rawValue:))
    }
}
