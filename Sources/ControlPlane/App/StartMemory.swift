import Base
import Experiments
import Store

/// What a start is made from.
struct StartBasis: Sendable {
    let template: ExperimentTemplate
    let revision: Int64
    let lever: LeverState

    init(_ ground: StartGround, of id: String) throws(APIError) {
        guard let stored = ground.template else { throw .unknownTemplate(id) }
        do throws(TemplateProblems) {
            template = try ExperimentTemplate(stored: stored.content)
        } catch {
            throw APIError(.internalFailure, "This version of the server cannot read the template: \(error)")
        }
        revision = stored.revision
        lever = ground.lever
    }
}

/// Remembers what starts were made from lately, so that the next one needs not ask first.
///
/// What is remembered may be out of date. That does no harm: the statement that makes a run does nothing unless all of it still
/// holds, and whoever is told so reads again.
final class StartMemory: Sendable {
    struct Key: Hashable, Sendable {
        let account: AccountID
        let template: String
    }

    /// Above it all is forgotten: so many templates are in turn only where none comes again soon.
    private static let limit = 1_000

    private let bases = Locked<[Key: StartBasis]>([:])

    func recall(_ key: Key) -> StartBasis? { bases.withLock { $0[key] } }

    func remember(_ basis: StartBasis, for key: Key) {
        bases.withLock { bases in
            if bases.count >= Self.limit { bases.removeAll(keepingCapacity: true) }
            bases[key] = basis
        }
    }

    func forget(_ key: Key) { bases.withLock { $0[key] = nil } }
}

extension APIError {
    static func unknownTemplate(_ id: String) -> APIError {
        .notFound("There is no experiment template \(EchoedText(id)) in this account.")
    }
}
