package import Experiments

/// How much of everything one account may have.
package struct Quotas: Sendable {
    package var templates = 500
    package var accountConfigurations = 40
    /// Names under which an account's functions read their faults.
    package var bindings = 10_000
    /// Alarms that others tell.
    package var alarms = 10_000
    package var template = TemplateLimits()
    /// Experiments that have not ended; nil means any number.
    package var activeExperiments: Int? = 100
    /// Resources that one target of an experiment may mean.
    package var resourcesPerTarget = 1_000
    package var run = RunLimits()
    /// How long after it was asked for a run may still begin: after an outage nobody expects it any more.
    package var startWithin: Duration = .seconds(30)
    /// How long an experiment that has ended is kept, with its events.
    package var retention: Duration = .seconds(120 * 86_400)

    package init() {}
}
