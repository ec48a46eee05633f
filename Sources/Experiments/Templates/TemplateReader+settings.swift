/// What is written about a run, and how it treats others.
extension TemplateReader {
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
    func time(_ name: String, _ kind: ParameterKind, _ reader: inout MemberReader) -> String? {
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
