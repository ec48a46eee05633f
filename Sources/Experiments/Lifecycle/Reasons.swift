import Base

/// The texts that states are shown with: FIS's own where it publishes them, plain sentences where it does not.
enum Reasons {
    static let pending = "Experiment is pending."
    static let initiating = "Experiment is initiating."
    static let running = "Experiment is running."
    static let readingGuards = "Experiment is initiating: its stop conditions are being read."
    static let guardPassed = "Everything was read, and nothing is in the way of a fault."
    static let completed = "Experiment completed."
    static let stopping = "Stopping Experiment."
    static let emptySet = "Target resolution returned empty set."
    static let clockRanBack =
        "The database's clock ran back, so that the run's times can no longer be trusted; all its faults were cleared."

    static let actionPending = "Initial state."
    static let actionInitiating = "Action is initiating."
    static let actionRunning = ""
    static let actionCompleted = "Action was completed."
    static let actionStopping = "Stopping action."
    static let actionStopped = "Action was stopped because the experiment ended."
    static let actionCancelled = "Action was cancelled because the experiment ended before it could start."
    static let actionNotToRun =
        "Action was skipped because the experiment was started with actionsMode skip-all."

    static func stopped(_ cause: StopCause) -> String {
        switch cause {
        case .user: "Experiment stopped by request."
        case .stopCondition(let text): shortened("Experiment halted by stop condition. \(text)")
        case .steadyState(let text): shortened("Experiment stopped before its first fault: \(text)")
        case .lever(let reason): shortened("Experiment stopped by the safety lever: \(reason)")
        }
    }

    static func cancelled(lever reason: String) -> String {
        shortened("Experiment cancelled because the safety lever was engaged before it started: \(reason)")
    }

    static func guardUnreadable(_ text: String) -> String {
        shortened("Experiment failed before its first fault: \(text)")
    }

    static let nothingBegan = "Nothing began, so that nothing was shown."

    static let promoted = "Its targets are free."

    static func queued(_ behind: String) -> String { shortened("Queued: \(behind)") }

    static func expired(_ queue: RunQueue) -> String {
        let seconds = (queue.expiresAt - queue.since).nanoseconds / 1_000_000_000
        if queue.behind.isEmpty {
            return
                "Experiment cancelled because nobody looked within \(seconds) s whether its targets were free."
        }
        return shortened(
            "Experiment cancelled because its targets did not become free within \(seconds) s: \(queue.behind)"
        )
    }

    static func emptyTarget(_ target: String, _ explanation: String) -> String {
        shortened("Action was skipped because target \(target) is empty. \(explanation)")
    }

    static func holding(_ counts: CoverageCounts) -> String {
        if counts.holding > 0 {
            return "\(counts.holding) of the \(counts.seen) instances that poll hold the fault."
        }
        return counts.held > 0
            ? "The fault was held, and is no more."
            : "The fault was told to instances that no node has room to remember."
    }

    static func cleared(_ count: Int, of all: Int) -> String {
        "\(count) of the \(all) instances that held the fault have let go of it, or their lease is over."
    }

    static func unheld(_ action: RunAction, on arns: String) -> String {
        let polled = "Action \(action.name) failed: no injector polled for \(arns)"
        guard let refusal = action.refusal else {
            return shortened("\(polled) while its fault was published.")
        }
        return shortened(
            "\(polled) that could inject its fault: \(refusal.isEmpty ? "no reason was given." : refusal)"
        )
    }

    static func arming(_ rule: ArmRule) -> String {
        "Waiting until \(rule.share) % of the instances hold the fault."
    }

    static func fired(_ count: Int, of all: Int) -> String {
        "\(count) of the \(all) instances that poll hold the fault; it begins for all of them."
    }

    static func notArmed(_ rule: ArmRule) -> String {
        let seconds = rule.timeout.nanoseconds / 1_000_000_000
        return
            "fewer than \(rule.share) % of the instances held the fault within \(seconds) s; it never began."
    }

    static func actionFailed(_ name: String, _ reason: String) -> String {
        shortened("Action \(name) failed: \(reason)")
    }

    /// FIS's clients expect no reason longer than this.
    static let limit = 512

    static func shortened(_ text: String) -> String {
        text.unicodeScalars.count <= limit
            ? text : String(String.UnicodeScalarView(text.unicodeScalars.prefix(limit - 1))) + "…"
    }
}
