import Base

/// The snapshot of a template within a run: everything in it, in the order given, as no map would keep it.
extension ExperimentTemplate {
    var stored: JSON {
        [
            "description": .string(description),
            "targets": .array(targets.map(\.stored)),
            "actions": .array(actions.map(\.stored)),
            "stopConditions": .array(
                stopConditions.map { ["source": .string($0.source), "value": .stored($0.value)] }
            ),
            "roleArn": .string(roleARN),
            "tags": .array(tags.map(\.stored)),
            "logConfiguration": logConfiguration?.stored ?? .null,
            "accountTargeting": .string(options.accountTargeting.rawValue),
            "emptyTargets": .string(options.emptyTargets.rawValue),
            "reportConfiguration": reportConfiguration?.stored ?? .null,
        ]
    }

    init(stored template: StoredObject) throws(StoredFormError) {
        var options = ExperimentOptions()
        options.accountTargeting = try template.word("accountTargeting")
        options.emptyTargets = try template.word("emptyTargets")
        let log = try template.optionalObject("logConfiguration")
        let report = try template.optionalObject("reportConfiguration")
        self.init(
            description: try template.text("description"),
            targets: try template.list("targets", of: TemplateTarget.init(stored:)),
            actions: try template.list("actions", of: TemplateAction.init(stored:)),
            stopConditions: try template.list("stopConditions", of: StopCondition.init(stored:)),
            roleARN: try template.text("roleArn"),
            tags: try template.list("tags", of: Tag.init(stored:)),
            logConfiguration: try log.map(LogConfiguration.init(stored:)),
            options: options,
            reportConfiguration: try report.map(ReportConfiguration.init(stored:))
        )
    }
}

extension StopCondition {
    init(stored condition: StoredObject) throws(StoredFormError) {
        self.init(source: try condition.text("source"), value: try condition.optionalText("value"))
    }
}

extension Tag {
    var stored: JSON { ["key": .string(key), "value": .string(value)] }

    init(stored tag: StoredObject) throws(StoredFormError) {
        self.init(try tag.text("key"), try tag.text("value"))
    }
}

extension LogConfiguration {
    var stored: JSON {
        [
            "schemaVersion": .integer(Int64(schemaVersion)), "logGroupArn": .stored(logGroupARN),
            "bucket": bucket?.stored ?? .null,
        ]
    }

    init(stored log: StoredObject) throws(StoredFormError) {
        let version = try log.whole("schemaVersion")
        let bucket = try log.optionalObject("bucket")
        self.init(
            schemaVersion: Int(truncatingIfNeeded: version),
            logGroupARN: try log.optionalText("logGroupArn"),
            bucket: try bucket.map(ReportConfiguration.Bucket.init(stored:))
        )
    }
}

extension ReportConfiguration {
    var stored: JSON {
        [
            "bucket": bucket?.stored ?? .null, "dashboards": .stored(dashboards),
            "before": .stored(before), "after": .stored(after),
        ]
    }

    init(stored report: StoredObject) throws(StoredFormError) {
        let bucket = try report.optionalObject("bucket")
        self.init(
            bucket: try bucket.map(Bucket.init(stored:)),
            dashboards: try report.texts("dashboards"),
            before: try report.optionalText("before"),
            after: try report.optionalText("after")
        )
    }
}

extension ReportConfiguration.Bucket {
    var stored: JSON { ["name": .string(name), "prefix": .stored(prefix)] }

    init(stored bucket: StoredObject) throws(StoredFormError) {
        self.init(name: try bucket.text("name"), prefix: try bucket.optionalText("prefix"))
    }
}
