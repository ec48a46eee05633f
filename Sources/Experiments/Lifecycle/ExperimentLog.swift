package import Base

/// A run's history as FIS's experiment log tells it, schema version 2: worked out from the events and the template alone.
package struct ExperimentLog {
    private let experimentID: String
    private let templateID: String
    private let accountID: String
    private let template: ExperimentTemplate

    package init(experimentID: String, templateID: String, accountID: String, template: ExperimentTemplate) {
        self.experimentID = experimentID
        self.templateID = templateID
        self.accountID = accountID
        self.template = template
    }

    /// The records of those events, in their order; the beginning of a run can be told before its end has come.
    package func records(_ events: [RunEvent]) -> [JSON] { events.flatMap(records) }

    private func records(_ event: RunEvent) -> [JSON] {
        switch event.kind {
        case .experiment: RunStatus(rawValue: event.to).map { experiment(event, $0) } ?? []
        case .target: target(event)
        case .action: ActionStatus(rawValue: event.to).map { action(event, $0) } ?? []
        case .coverage, .queue, .overlap, .guardPassed, .guardBreached, .hypothesisDeviated,
            .hypothesisJudged:
            []
        }
    }

    private func record(_ type: String, _ event: RunEvent, _ details: [JSON.Member]) -> JSON {
        [
            "id": .string(experimentID),
            "log_type": .string(type),
            "event_timestamp": time(event),
            "version": "2",
            "details": .object(details),
        ]
    }

    private func time(_ event: RunEvent) -> JSON { .string(CalendarTime(event.at).iso8601) }

    private func state(_ event: RunEvent) -> JSON {
        ["status": .string(event.to), "reason": .string(event.reason)]
    }
}

extension ExperimentLog {
    private func experiment(_ event: RunEvent, _ status: RunStatus) -> [JSON] {
        switch status {
        case .pending, .running, .stopping: []
        case .initiating: [start(event)] + template.targets.map { resolutionStart(event, $0.name) }
        case .completed, .stopped, .failed, .cancelled:
            [
                record(
                    "experiment-end",
                    event,
                    [.init("experiment_end_time", time(event)), .init("experiment_state", state(event))]
                )
            ]
        }
    }

    private func start(_ event: RunEvent) -> JSON {
        record(
            "experiment-start",
            event,
            [
                .init("experiment_template_id", .string(templateID)),
                .init("experiment_start_time", time(event)),
            ]
        )
    }

    private func resolutionStart(_ event: RunEvent, _ target: String) -> JSON {
        record(
            "target-resolution-start",
            event,
            [.init("target_resolution_start_time", time(event)), .init("target_name", .string(target))]
        )
    }
}

extension ExperimentLog {
    /// How many resources one record lists.
    private static let pageSize = 100

    private func target(_ event: RunEvent) -> [JSON] { [resolutionDetail(event)] + resolutionEnd(event) }

    private func resolution(_ event: RunEvent) -> [JSON.Member] {
        let type = template.targets.first { $0.name == event.subject }?.resourceType ?? ""
        return [
            .init("target_resolution_end_time", time(event)),
            .init("target_name", .string(event.subject)),
            .init("target_type", .string(type)),
        ]
    }

    private func problem(_ event: RunEvent) -> [JSON.Member] {
        event.reason.isEmpty ? [] : [.init("error_information", .string(event.reason))]
    }

    private func resolutionDetail(_ event: RunEvent) -> JSON {
        let found: [JSON.Member] = [
            .init("account_id", .string(accountID)),
            .init("resolved_targets_count", .integer(Int64(event.resources.count))),
            .init("status", .string(event.to)),
        ]
        return record("target-resolution-detail", event, resolution(event) + found + problem(event))
    }

    private func resolutionEnd(_ event: RunEvent) -> [JSON] {
        let resources = event.resources
        let starts = Array(stride(from: 0, to: max(resources.count, 1), by: Self.pageSize))
        return starts.enumerated().map { page, start in
            let listed = resources.dropFirst(start).prefix(Self.pageSize)
            let found: [JSON.Member] = [
                .init("resolved_targets", .array(listed.map { ["arn": .string($0)] })),
                .init("page", .integer(Int64(page + 1))),
                .init("total_pages", .integer(Int64(starts.count))),
                .init("total_resolved_targets_count", .integer(Int64(resources.count))),
            ]
            return record("target-resolution-end", event, resolution(event) + found + problem(event))
        }
    }
}

extension ExperimentLog {
    private func action(_ event: RunEvent, _ status: ActionStatus) -> [JSON] {
        let definition = template.actions.first { $0.name == event.subject }
        let named: [JSON.Member] = [
            .init("action_name", .string(event.subject)),
            .init("action_id", .string(definition?.actionID ?? "")),
        ]
        switch status {
        case .pending, .initiating, .stopping: return []
        case .running: return [actionStart(event, named, definition)]
        case .failed: return [actionError(event, named), actionEnd(event, named)]
        case .completed, .cancelled, .stopped, .skipped: return [actionEnd(event, named)]
        }
    }

    private func actionStart(_ event: RunEvent, _ named: [JSON.Member], _ action: TemplateAction?) -> JSON {
        let targets = (action?.targets ?? []).map { JSON.Member($0.slot, .string($0.target)) }
        let parameters = (action?.parameters ?? []).map { JSON.Member($0.name, .string($0.value)) }
        var details =
            named + [.init("action_start_time", time(event)), .init("action_targets", .object(targets))]
        if !parameters.isEmpty { details.append(.init("parameters", .object(parameters))) }
        return record("action-start", event, details)
    }

    private func actionError(_ event: RunEvent, _ named: [JSON.Member]) -> JSON {
        let details: [JSON.Member] = [
            .init("account_id", .string(accountID)), .init("action_state", state(event)),
        ]
        return record("action-error", event, named + details)
    }

    private func actionEnd(_ event: RunEvent, _ named: [JSON.Member]) -> JSON {
        let details: [JSON.Member] = [
            .init("action_end_time", time(event)), .init("action_state", state(event)),
        ]
        return record("action-end", event, named + details)
    }
}
