package import HTTPServer

/// The names of errors, as FIS and AWS's general errors have them; programs go by these.
package enum ErrorCode: String, CaseIterable, Sendable {
    case validation = "ValidationException"
    case notFound = "ResourceNotFoundException"
    /// What SSM's clients know the absence of a parameter by.
    case parameterNotFound = "ParameterNotFound"
    case serialization = "SerializationException"
    case conflict = "ConflictException"
    case quotaExceeded = "ServiceQuotaExceededException"
    case accessDenied = "AccessDeniedException"
    case missingToken = "MissingAuthenticationTokenException"
    case incompleteSignature = "IncompleteSignatureException"
    case unrecognizedClient = "UnrecognizedClientException"
    case invalidSignature = "InvalidSignatureException"
    case throttling = "ThrottlingException"
    case unavailable = "ServiceUnavailableException"
    case internalFailure = "InternalFailure"
    case unknownOperation = "UnknownOperationException"
    case methodNotAllowed = "MethodNotAllowedException"
    /// Bytes that are no acceptable HTTP; the status says in which way.
    case malformedRequest = "MalformedHttpRequestException"

    package var status: Status {
        switch self {
        case .validation, .malformedRequest, .parameterNotFound, .serialization: .badRequest
        case .quotaExceeded: .paymentRequired
        case .accessDenied, .missingToken, .incompleteSignature, .unrecognizedClient, .invalidSignature:
            .forbidden
        case .notFound, .unknownOperation: .notFound
        case .methodNotAllowed: .methodNotAllowed
        case .conflict: .conflict
        case .throttling: .tooManyRequests
        case .internalFailure: .internalError
        case .unavailable: .unavailable
        }
    }
}
