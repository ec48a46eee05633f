/// Whether an expression in PromQL yields anything.
package struct PrometheusQuestion: Hashable, Sendable {
    package var expression: String
    /// Another expression, which must yield something for the first to be believed.
    package var requires: String?
    /// Where each element's value should be; nil where any element is a breach, as in an alerting rule.
    package var tolerance: Tolerance?

    package init(expression: String, requires: String? = nil, tolerance: Tolerance? = nil) {
        self.expression = expression
        self.requires = requires
        self.tolerance = tolerance
    }

    package init(_ value: String) throws(ConditionProblem) {
        if let problem = try PromQLText(value).problem() { throw problem }
        self.init(expression: value)
    }
}
