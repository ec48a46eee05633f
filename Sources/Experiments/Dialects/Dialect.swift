package import Base

/// How a fault library that knows nothing of us wants to be told its faults: as the text of a parameter, in a form of its own.
///
/// Such a library keeps no lease and confirms nothing. So it is told a fault only while that is on, at each reading anew, and only what
/// it does exactly as it was asked.
package enum Dialect: String, CaseIterable, Sendable {
    /// chaos_lambda 0.3 for Python: one fault at a time, read at each invocation.
    case chaosLambda = "chaos_lambda"
    /// failure-lambda 1.x: a flag for each kind of fault, read once a minute.
    case failureLambda = "failure-lambda"
    /// failure-lambda 0.x and what was made of it: one fault at a time, read at each invocation.
    case failureLambdaZero = "failure-lambda-0"

    /// What the library's users call it.
    package var title: String {
        switch self {
        case .chaosLambda: "chaos_lambda"
        case .failureLambda: "failure-lambda 1.x"
        case .failureLambdaZero: "failure-lambda 0.x"
        }
    }

    /// How long after a reading its fault may still be acted upon: the longest that an invocation takes on Lambda, after the time for
    /// which the library keeps what it read.
    package var longestUse: Duration {
        switch self {
        case .chaosLambda, .failureLambdaZero: Self.longestInvocation
        case .failureLambda: Self.longestInvocation + Self.cacheTime
        }
    }

    /// The same for all of them.
    package static let longestUse = allCases.map(\.longestUse).max() ?? longestInvocation

    static let longestInvocation: Duration = .seconds(900)
    /// For how long failure-lambda 1.x keeps what it read, unless its user says otherwise.
    static let cacheTime: Duration = .seconds(60)

    /// What ends a fault of this library whose readings have stopped, in a sentence for people.
    package var bound: String {
        switch self {
        case .chaosLambda, .failureLambdaZero:
            "It keeps no lease: an invocation does what it read when it began."
        case .failureLambda:
            "It keeps no lease: it does what it read up to 60 s ago (FAILURE_CACHE_TTL), and its layer what it read last."
        }
    }

    /// What it is told where no fault is on.
    ///
    /// The reason, where there is one, is for whoever looks; libraries pass over members that they do not know.
    package func off(because reason: String? = nil) -> JSON {
        var members: [JSON.Member] =
            switch self {
            case .chaosLambda: [.init("is_enabled", false)]
            case .failureLambda: []
            case .failureLambdaZero: [.init("isEnabled", false)]
            }
        if let reason { members.append(.init("faultplane", .string(reason))) }
        return .object(members)
    }

    /// What every library takes for "nothing is on", for where it is not known which one reads.
    package static func offForAny(because reason: String) -> JSON {
        ["is_enabled": false, "isEnabled": false, "faultplane": .string(reason)]
    }
}
