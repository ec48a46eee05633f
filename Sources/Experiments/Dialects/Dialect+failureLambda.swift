import Base

/// failure-lambda 1.x: a flag for each kind of fault, all of which may be on together.
extension Dialect {
    func failureLambdaRefusal(of content: FaultContent) -> String? {
        switch content.action {
        case .delay where content.comesAfter:
            return "failure-lambda delays before the handler, not after it."
        case .error where content.comesAfter, .response where content.comesAfter:
            return "failure-lambda answers instead of running the handler; preventExecution true is told."
        case .response where !(100...599).contains(content.whole("statusCode")):
            return "failure-lambda takes statuses from 100 to 599."
        case .delay, .error, .response, .timeout, .denyHosts, .diskSpace, .corruptResponse: return nil
        case nil: return "failure-lambda has no fault for \(content.actionID)."
        }
    }

    /// A flag is there once, and of an answer and an exception only one can be what comes out.
    func failureLambdaAllows(_ content: FaultContent, beside other: FaultContent) -> Bool {
        let outcomes: [DialectAction?] = [.error, .response]
        if outcomes.contains(content.action), outcomes.contains(other.action) { return false }
        return content.action != other.action
    }

    func failureLambdaValue(of told: [(fault: DialectFault, expiry: EventExpiry?)]) -> JSON {
        .object(told.compactMap { flag(of: $0.fault, $0.expiry) })
    }

    private func flag(of fault: DialectFault, _ expiry: EventExpiry?) -> JSON.Member? {
        let content = fault.content
        let flag: (name: String, members: [JSON.Member])
        switch content.action {
        case .delay:
            let delay = JSON.integer(content.delay)
            flag = ("latency", [.init("min_latency", delay), .init("max_latency", delay)])
        case .error: flag = ("exception", [.init("exception_msg", .string(fault.errorMessage))])
        case .response:
            flag = ("statuscode", [.init("status_code", .integer(content.whole("statusCode")))])
        case .timeout:
            let buffer = content.whole("timeoutBufferMilliseconds")
            flag = ("timeout", [.init("timeout_buffer_ms", .integer(buffer))])
        case .denyHosts: flag = ("denylist", [.init("deny_list", content.deniedHosts)])
        case .diskSpace:
            flag = ("diskspace", [.init("disk_space", .integer(content.whole("diskSpaceMegabytes")))])
        case .corruptResponse:
            flag = ("corruption", [.init("body", .string(content.text("body") ?? ""))])
        case nil: return nil
        }
        var members: [JSON.Member] = [
            .init("enabled", true), .init("percentage", .integer(content.percentage)),
        ]
        members += flag.members
        if let expiry { members.append(.init("match", [expiry.condition])) }
        return JSON.Member(flag.name, .object(members))
    }
}

extension FaultContent {
    var deniedHosts: JSON {
        .array(ParameterKind.elements(text("denyList") ?? "").map { .string($0) })
    }
}
