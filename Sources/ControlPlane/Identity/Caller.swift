/// Who asks, as one reference that a request's exchange carries along.
///
/// A class and not a protocol: the poll path asks for it at every request, and finding out whether some object conforms
/// to a protocol takes longer than all the rest of the check.
package final class Caller: Sendable {
    package let principal: Principal
    /// The key as a number, to count its requests by; nil for the machine's operator, who has none.
    let paceKey: UInt64?

    init(_ principal: Principal, paceKey: UInt64?) {
        self.principal = principal
        self.paceKey = paceKey
    }
}
