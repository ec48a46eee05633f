import Base
import Experiments
import HTTPServer
import Store

extension Call {
    /// The ARN that the path begins with; a bare function name means the account's own function of that name.
    ///
    /// Nil for what is neither.
    func targetARN(region: String) -> ARN? {
        guard let account = principal?.account, let text = request.capture(0) else { return nil }
        return ARN(target: text, region: region, account: account)
    }

    /// The target that an injector speaks of: an agent may only speak of what its key names.
    func polledTarget(region: String) throws(APIError) -> TargetKey {
        let caller = try caller()
        guard let arn = targetARN(region: region)?.description else {
            let text = EchoedText(request.capture(0) ?? "")
            throw .validation("target is \"\(text)\": an ARN or the name of a function is accepted.")
        }
        do throws(AuthenticationFailure) {
            try caller.requireTarget(Array(arn.utf8).span)
        } catch {
            throw APIError(error)
        }
        return TargetKey(account: caller.account, target: arn)
    }
}
