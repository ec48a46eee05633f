import Testing

@testable import Experiments

/// How the value of a stop condition on a URL is read, and where it is wrong.
@Suite struct HTTPQuestionTests {
    private static func question(
        _ url: String,
        _ statuses: ClosedRange<Int> = 200...299,
        within: Duration? = nil,
        expects expectation: HTTPQuestion.Expectation? = nil
    ) -> HTTPQuestion {
        HTTPQuestion(url: url, statuses: statuses, within: within, expectation: expectation)
    }

    private static func at(
        _ pointer: String,
        _ comparison: Comparison,
        _ operand: HTTPQuestion.Expectation.Operand
    ) -> HTTPQuestion.Expectation {
        HTTPQuestion.Expectation(pointer: pointer, comparison: comparison, operand: operand)
    }

    @Test(arguments: [
        ("http://shop.example/a", question("http://shop.example/a")),
        ("https://[::1]/a?b=c@d", question("https://[::1]/a?b=c@d")),
        ("http://shop/ status 204", question("http://shop/", 204...204)),
        (
            "http://shop/  status  200-399   within 800ms",
            question("http://shop/", 200...399, within: .milliseconds(800))
        ),
        (
            "http://shop/ within 1.5s status 100-599",
            question("http://shop/", 100...599, within: .milliseconds(1_500))
        ),
        (
            #"http://shop/ where /status == "up""#,
            question("http://shop/", expects: at("/status", .equal, .text("up")))
        ),
        (
            #"http://shop/ where /a~1b/0 != "two words \"here\"" within 2s"#,
            question(
                "http://shop/",
                within: .seconds(2),
                expects: at("/a~1b/0", .different, .text(#"two words "here""#))
            )
        ),
        (
            "http://shop/ where /n >= -1.5e3",
            question("http://shop/", expects: at("/n", .atLeast, .number(-1_500)))
        ),
        (
            "http://shop/ where /ok == true",
            question("http://shop/", expects: at("/ok", .equal, .truth(true)))
        ),
    ])
    func `a value is read`(_ value: String, _ expected: HTTPQuestion) throws {
        #expect(try HTTPQuestion(value) == expected)
    }

    struct Wrong: Sendable, CustomTestStringConvertible {
        let value: String
        let message: String
        let offset: Int?
        init(_ value: String, _ message: String, at offset: Int?) {
            (self.value, self.message, self.offset) = (value, message, offset)
        }
        var testDescription: String { value }
    }

    private static let scheme = "a URL that starts with http:// or https:// is accepted"

    @Test(arguments: [
        Wrong("ftp://shop/", scheme, at: nil),
        Wrong("https://", scheme, at: nil),
        Wrong("http:///a", "expected a host behind //", at: 7),
        Wrong("http://:80/a", "expected a host behind //", at: 7),
        Wrong(
            "http://me:word@shop/",
            "a URL without a user and a password is accepted, since everybody reads templates",
            at: 14
        ),
        Wrong(#"http://good\x/"#, #"expected a host and maybe a port, found "\""#, at: 11),
        Wrong("http://shop/ foo", #"expected status, within or where, found "foo""#, at: 13),
        Wrong(
            "http://shop/ status",
            "expected a status such as 204, or a range such as 200-299, found the end",
            at: 19
        ),
        Wrong(
            "http://shop/ status 2xx",
            #"expected a status such as 204, or a range such as 200-299, found "2xx""#,
            at: 20
        ),
        Wrong(
            "http://shop/ status 299-200",
            #"expected a status such as 204, or a range such as 200-299, found "299-200""#,
            at: 20
        ),
        Wrong(
            "http://shop/ status 600",
            #"expected a status such as 204, or a range such as 200-299, found "600""#,
            at: 20
        ),
        Wrong("http://shop/ status 200 status 204", "status stands twice: once is accepted", at: 24),
        Wrong(
            "http://shop/ within 2",
            #"expected a time from 1ms to 60s, such as 800ms or 2s, found "2""#,
            at: 20
        ),
        Wrong(
            "http://shop/ within 61s",
            #"expected a time from 1ms to 60s, such as 800ms or 2s, found "61s""#,
            at: 20
        ),
        Wrong(
            "http://shop/ within nans",
            #"expected a time from 1ms to 60s, such as 800ms or 2s, found "nans""#,
            at: 20
        ),
        Wrong(
            "http://shop/ where status == 1",
            #"expected a JSON pointer such as /status, found "status""#,
            at: 19
        ),
        Wrong(
            "http://shop/ where /a~2 == 1",
            #"expected a JSON pointer such as /status, found "/a~2""#,
            at: 19
        ),
        Wrong("http://shop/ where /a = 1", #"expected a comparison such as == or <=, found "=""#, at: 22),
        Wrong(
            "http://shop/ where /a ==",
            "expected a number, a text in quotes, true or false, found the end",
            at: 24
        ),
        Wrong(
            "http://shop/ where /a == up",
            #"expected a number, a text in quotes, true or false, found "up""#,
            at: 25
        ),
        Wrong(
            #"http://shop/ where /a == "up"#,
            #"expected a number, a text in quotes, true or false, found ""up""#,
            at: 25
        ),
        Wrong(
            #"http://shop/ where /a == "up"x"#,
            #"expected a number, a text in quotes, true or false, found ""up"x""#,
            at: 25
        ),
        Wrong(
            #"http://shop/ where /a < "up""#,
            #""up" is compared by <: == or != is accepted for what is no number"#,
            at: 22
        ),
    ])
    func `what is wrong is named with its place`(_ wrong: Wrong) {
        #expect(throws: ConditionProblem(wrong.message, at: wrong.offset)) { try HTTPQuestion(wrong.value) }
    }
}
