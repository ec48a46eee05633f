import Base

/// chaos_lambda 0.3: a delay or an exception before the handler, or another status after it.
extension Dialect {
    func chaosLambdaRefusal(of content: FaultContent) -> String? {
        switch content.action {
        case .delay:
            return content.comesAfter ? "chaos_lambda delays before the handler, not after it." : nil
        case .error:
            return content.comesAfter
                ? "chaos_lambda raises its exception instead of running the handler; preventExecution true is told."
                : nil
        case .response:
            if !content.comesAfter {
                return
                    "chaos_lambda runs the handler and then changes the status; preventExecution false is told."
            }
            // Its decorator calls the handler, finds that the dice spare it, and calls the handler again.
            return content.percentage < 100
                ? "chaos_lambda would run the handler twice in each invocation that it spares; only 100 % is told."
                : nil
        case .timeout, .denyHosts, .diskSpace, .corruptResponse, nil:
            return "chaos_lambda has no fault for \(content.actionID)."
        }
    }

    /// With `rate` always: without it the library raises a TypeError at each invocation.
    func chaosLambdaValue(of fault: DialectFault) -> JSON {
        let content = fault.content
        let what: [JSON.Member] =
            switch content.action {
            case .delay: [.init("fault_type", "latency"), .init("delay", .integer(content.delay))]
            case .error:
                [.init("fault_type", "exception"), .init("exception_msg", .string(fault.errorMessage))]
            case .response:
                [
                    .init("fault_type", "status_code"),
                    .init("error_code", .integer(content.whole("statusCode"))),
                ]
            case .timeout, .denyHosts, .diskSpace, .corruptResponse, nil: []
            }
        return .object(
            [.init("is_enabled", .bool(!what.isEmpty))] + what + [.init("rate", content.rate)]
        )
    }
}

extension FaultContent {
    /// The share of invocations as a number from 0 to 1.
    var rate: JSON { percentage >= 100 ? 1 : .number(Double(percentage) / 100) }
}
