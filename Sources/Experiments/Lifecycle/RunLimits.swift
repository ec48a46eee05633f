/// How much of everything a run may take.
package struct RunLimits: Hashable, Sendable {
    /// How many actions may run side by side; the others wait in the template's order.
    package var parallelActions = 10
    /// How long a run may take.
    package var duration = Duration.seconds(12 * 3_600)

    package init() {}
}
