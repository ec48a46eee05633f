import Base
import Experiments

/// The name of a parameter that every function has without anybody binding it: `/faultplane/DIALECT/FUNCTION`.
struct ParameterName {
    let dialect: Dialect
    /// The function's plain name.
    let function: String

    static let prefix = "/faultplane/"

    /// Nil for every other name.
    init?(_ name: String) {
        guard name.hasPrefix(Self.prefix) else { return nil }
        let parts = name.utf8.dropFirst(Self.prefix.utf8.count).split(
            separator: UInt8(ascii: "/"),
            maxSplits: 1,
            omittingEmptySubsequences: false
        )
        guard let first = parts.first, let last = parts.last, parts.count == 2,
            let dialect = Dialect(rawValue: String(Substring(first))),
            ARN.isFunctionName(String(Substring(last)))
        else { return nil }
        self.dialect = dialect
        function = String(Substring(last))
    }
}

extension ARN {
    /// A Lambda function of an account, by its plain name.
    init(function name: String, region: String, account: AccountID) {
        self.init(
            service: "lambda",
            region: region,
            account: account.description,
            resource: "function:\(name)"
        )
    }

    /// What somebody means by an ARN or by a function's plain name; nil for what is neither.
    init?(target text: String, region: String, account: AccountID) {
        guard text.utf8.count <= 2_048 else { return nil }
        if text.contains(":") {
            self.init(text)
        } else if Self.isFunctionName(text) {
            self.init(function: text, region: region, account: account)
        } else {
            return nil
        }
    }

    /// Whether it is a Lambda function by its plain name.
    var isPlainFunction: Bool {
        service == "lambda" && resource.hasPrefix("function:")
            && Self.isFunctionName(String(resource.dropFirst("function:".count)))
    }

    /// Whether a text is what Lambda takes as a function's plain name.
    static func isFunctionName(_ text: String) -> Bool {
        (1...140).contains(text.utf8.count)
            && text.utf8.allSatisfy {
                $0.isAlphanumeric || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "_")
            }
    }
}
