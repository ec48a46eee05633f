import Base
import Experiments
import Store

/// What can be done with the steady-state hypothesis of a template, apart from the template itself: FIS's own clients refuse a member
/// that they do not know.
extension Templates {
    func hypothesisRead(_ context: OperationContext, _ id: TemplateID) async throws(APIError) -> Hypothesis {
        let template = try Self.template(try await templateRead(context, id))
        guard let hypothesis = template.hypothesis else { throw Self.noHypothesis(id) }
        return hypothesis
    }

    /// Gives a template a hypothesis, in the place of one that it may have.
    func hypothesisPut(
        _ context: OperationContext,
        _ id: TemplateID,
        _ written: JSON
    ) async throws(APIError) -> Hypothesis {
        let stored = try await templateUpdate(context, id) { template throws(APIError) in
            var changed = template
            do throws(TemplateProblems) {
                changed.hypothesis = try Hypothesis.read(written, for: template)
            } catch {
                throw APIError(error)
            }
            return changed
        }
        guard let hypothesis = try Self.template(stored).hypothesis else { throw Self.noHypothesis(id) }
        return hypothesis
    }

    /// Takes a template's hypothesis away; runs that have begun keep theirs.
    func hypothesisDelete(
        _ context: OperationContext,
        _ id: TemplateID
    ) async throws(APIError) -> Hypothesis {
        let hypothesis = try await hypothesisRead(context, id)
        _ = try await templateUpdate(context, id) { template throws(APIError) in
            var changed = template
            changed.hypothesis = nil
            return changed
        }
        return hypothesis
    }

    private static func noHypothesis(_ id: TemplateID) -> APIError {
        .notFound("The experiment template \(id) has no steady-state hypothesis.")
    }
}
