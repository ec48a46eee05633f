import Base
import Experiments
import HTTPServer
import Store

extension Call {
    /// The ARN that the path begins with; a bare function name means the account's own function of that name.
    ///
    /// Nil for what is neither.
    func targetARN(region: String) -> ARN? {
        guard let account = principal?.account, let text = request.capture(0), text.utf8.count <= 2_048 else {
            return nil
        }
        if text.contains(":") { return ARN(text) }
        guard (1...140).contains(text.utf8.count), text.utf8.allSatisfy(Self.isInFunctionName) else {
            return nil
        }
        return ARN(
            service: "lambda",
            region: region,
            account: account.description,
            resource: "function:\(text)"
        )
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

    private static func isInFunctionName(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
            true
        default: false
        }
    }
}
