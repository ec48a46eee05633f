/// What a URL answers, and how soon.
package struct HTTPQuestion: Hashable, Sendable {
    /// What must hold of one value in the answer's JSON.
    package struct Expectation: Hashable, Sendable {
        package enum Operand: Hashable, Sendable {
            case number(Double)
            case text(String)
            case truth(Bool)
        }

        /// A JSON pointer (RFC 6901).
        package var pointer: String
        package var comparison: Comparison
        package var operand: Operand

        package init(pointer: String, comparison: Comparison, operand: Operand) {
            self.pointer = pointer
            self.comparison = comparison
            self.operand = operand
        }
    }

    package var url: String
    package var statuses: ClosedRange<Int>
    /// Nil where only the round's own time counts.
    package var within: Duration?
    package var expectation: Expectation?
    /// Of a probe: where the number at a pointer should be.
    package var pointer: String?
    package var tolerance: Tolerance?

    package init(
        url: String,
        statuses: ClosedRange<Int> = 200...299,
        within: Duration? = nil,
        expectation: Expectation? = nil
    ) {
        self.url = url
        self.statuses = statuses
        self.within = within
        self.expectation = expectation
    }
}
