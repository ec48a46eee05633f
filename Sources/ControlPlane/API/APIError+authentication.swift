import Base
import HTTPServer

extension APIError {
    /// What a caller whose identity is refused is told.
    init(_ failure: AuthenticationFailure) {
        let code: ErrorCode =
            switch failure.code {
            case .missingToken: .missingToken
            case .incomplete: .incompleteSignature
            case .unrecognized: .unrecognizedClient
            case .invalidSignature: .invalidSignature
            case .accessDenied: .accessDenied
            }
        self.init(code, failure.message, detail: Detail(failure))
    }
}
