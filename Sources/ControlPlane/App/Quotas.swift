package import Experiments

/// How much of everything one account may have.
package struct Quotas: Sendable {
    package var templates = 500
    package var accountConfigurations = 40
    package var template = TemplateLimits()

    package init() {}
}
