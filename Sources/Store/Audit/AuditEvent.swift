package import Base

/// One change that somebody made, as the audit trail keeps it.
package struct AuditEvent: Equatable, Sendable {
    package let id: Int64
    package let at: Timestamp
    package let actor: String
    package let origin: String
    package let address: String?
    package let requestID: String
    package let action: String
    package let subject: String
    package let details: JSON
}
