import Base

/// failure-lambda 0.x: one mode at a time.
extension Dialect {
    func failureLambdaZeroRefusal(of content: FaultContent) -> String? {
        switch content.action {
        case .delay where content.comesAfter:
            return "failure-lambda 0.x delays before the handler, not after it."
        case .error where content.comesAfter, .response where content.comesAfter:
            return "failure-lambda 0.x answers instead of running the handler; preventExecution true is told."
        case .delay, .error, .response, .denyHosts: return nil
        case .diskSpace:
            return "failure-lambda 0.x never frees the disk space again that it has filled."
        case .timeout, .corruptResponse, nil:
            return "failure-lambda 0.x has no fault for \(content.actionID)."
        }
    }

    func failureLambdaZeroValue(of fault: DialectFault) -> JSON {
        let content = fault.content
        let what: [JSON.Member] =
            switch content.action {
            case .delay:
                [
                    .init("failureMode", "latency"), .init("minLatency", .integer(content.delay)),
                    .init("maxLatency", .integer(content.delay)),
                ]
            case .error:
                [.init("failureMode", "exception"), .init("exceptionMsg", .string(fault.errorMessage))]
            case .response:
                [
                    .init("failureMode", "statuscode"),
                    .init("statusCode", .integer(content.whole("statusCode"))),
                ]
            case .denyHosts: [.init("failureMode", "denylist"), .init("denylist", content.deniedHosts)]
            case .timeout, .diskSpace, .corruptResponse, nil: []
            }
        return .object([.init("isEnabled", .bool(!what.isEmpty))] + what + [.init("rate", content.rate)])
    }
}
