import Base
import ControlPlane
import Testing

@Suite struct TargetPatternExpansionTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let pattern: String
        let expanded: String?

        init(_ testDescription: String, _ pattern: String, _ expanded: String?) {
            self.testDescription = testDescription
            self.pattern = pattern
            self.expanded = expanded
        }
    }

    private static let prefix = "arn:aws:lambda:eu-west-1:123456789012:function:"

    @Test(arguments: [
        Case("a bare name", "checkout", prefix + "checkout"),
        Case("a bare name with a star", "checkout-*", prefix + "checkout-*"),
        Case("an ARN", "arn:aws:lambda:*:*:function:a", "arn:aws:lambda:*:*:function:a"),
        Case("everything", "*", "*"),
        Case("a name too long for an ARN", String(repeating: "n", count: 512), nil),
    ])
    func `a bare name means the account's own function`(_ row: Case) throws {
        let account = try #require(AccountID("123456789012"))
        let pattern = try #require(TargetPattern(row.pattern))
        #expect(pattern.expanded(region: "eu-west-1", account: account)?.description == row.expanded)
    }
}
