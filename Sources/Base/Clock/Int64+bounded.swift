/// Arithmetic on times that a stranger may have chosen: what does not fit is cut to the largest that does, never a trap.
extension Int64 {
    package func bounded(adding other: Int64) -> Int64 {
        let (sum, overflow) = addingReportingOverflow(other)
        return overflow ? (other < 0 ? .min : .max) : sum
    }

    package func bounded(subtracting other: Int64) -> Int64 {
        let (difference, overflow) = subtractingReportingOverflow(other)
        return overflow ? (other < 0 ? .max : .min) : difference
    }
}
