import FaultClient

/// What an invocation that is made up comes to.
struct InvocationModel: Sendable {
    /// How long one takes that suffers nothing.
    let duration: Duration
    /// The share that ends in an error all the same.
    let errorRate: Double

    /// What faults do to one; `chance` is between 0 and 1.
    func outcome(of injected: [TargetFault], chance: Double) -> (duration: Duration, isError: Bool) {
        var (duration, isError) = (duration, chance < errorRate)
        for fault in injected {
            switch fault.actionID {
            case "aws:lambda:invocation-add-delay":
                let delay = fault.parameters["startupDelayMilliseconds"].flatMap { Int64($0) } ?? 0
                if (0...3_600_000).contains(delay) { duration += .milliseconds(delay) }
            case "aws:lambda:invocation-http-integration-response":
                isError = (fault.parameters["statusCode"].flatMap { Int($0) } ?? 500) >= 400
            default: isError = true
            }
        }
        return (duration, isError)
    }
}
