import Base
import CPostgres

/// Takes what the server says besides its answers, which libpq would print on stderr.
final class Notices: Sendable {
    private let log: Logger

    init(log: Logger) { self.log = log }

    /// The session must not outlive the receiver.
    func attach(to session: OpaquePointer) {
        _ = unsafe PQsetNoticeProcessor(
            session,
            { context, message in
                guard let context = unsafe context, let message = unsafe message else { return }
                unsafe Unmanaged<Notices>.fromOpaque(context).takeUnretainedValue()
                    .take(String(cString: message))
            },
            Unmanaged.passUnretained(self).toOpaque()
        )
    }

    private func take(_ message: String) {
        log.debug("database notice", .field("database.notice", message))
    }
}
