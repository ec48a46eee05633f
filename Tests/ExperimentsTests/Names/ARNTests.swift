import Experiments
import Testing

@Suite struct ARNTests {
    private static let accepted: [Case<String, ARN>] = [
        Case(
            "a function",
            "arn:aws:lambda:us-east-1:000000000000:function:checkout",
            ARN(
                service: "lambda",
                region: "us-east-1",
                account: "000000000000",
                resource: "function:checkout"
            )
        ),
        Case(
            "a bucket, which has neither region nor account",
            "arn:aws:s3:::bucket/key",
            ARN(service: "s3", region: "", account: "", resource: "bucket/key")
        ),
        Case(
            "another partition",
            "arn:aws-cn:iam::123456789012:role/fis",
            ARN(
                partition: "aws-cn",
                service: "iam",
                region: "",
                account: "123456789012",
                resource: "role/fis"
            )
        ),
        Case(
            "colons in the resource, one at its end",
            "arn:aws:logs:eu-west-1:1:log-group:a:*:",
            ARN(service: "logs", region: "eu-west-1", account: "1", resource: "log-group:a:*:")
        ),
    ]

    @Test(arguments: accepted) func `is taken apart and put together again`(_ row: Case<String, ARN>) {
        #expect(ARN(row.input) == row.output)
        #expect(row.output.description == row.input)
        #expect(row.output.logged == .string(row.input))
    }

    private static let refused: [Case<String, Void>] = [
        Case("nothing", "", ()),
        Case("no ARN", "checkout", ()),
        Case("another prefix", "urn:aws:lambda:us-east-1:1:function:a", ()),
        Case("too few parts", "arn:aws:lambda:us-east-1:1", ()),
        Case("only colons", ":::::", ()),
        Case("no partition", "arn::lambda:us-east-1:1:function:a", ()),
        Case("no service", "arn:aws::us-east-1:1:function:a", ()),
        Case("no resource", "arn:aws:lambda:us-east-1:1:", ()),
        Case("a space", "arn:aws:lambda:us-east-1:1:function: a", ()),
        Case("a line end", "arn:aws:lambda:us-east-1:1:function:a\n", ()),
        Case("a null character", "arn:aws:lambda:us-east-1:1:function:a\0", ()),
    ]

    @Test(arguments: refused) func `what is no ARN is refused`(_ row: Case<String, Void>) {
        #expect(ARN(row.input) == nil)
    }
}
