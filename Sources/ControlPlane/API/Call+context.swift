import Base
import HTTPServer
import Store

extension Call {
    /// The caller; every route that is not for anybody has one.
    func caller() throws(APIError) -> Principal {
        guard let principal else { throw APIError(AuthenticationFailure.missing) }
        return principal
    }

    /// On whose behalf the store is asked.
    func context(account: AccountID? = nil) throws(APIError) -> OperationContext {
        let principal = try caller()
        return OperationContext(
            account: account ?? principal.account,
            actor: principal.keyID.map { .key($0) } ?? .machineOperator,
            origin: principal.keyID == nil ? .controlSocket : .api,
            requestID: id.description,
            peer: request.peer.description
        )
    }
}

extension Timestamp {
    /// As AWS's JSON has it: seconds with milliseconds.
    var json: JSON { .number(Double(nanoseconds / 1_000_000) / 1_000) }
}
