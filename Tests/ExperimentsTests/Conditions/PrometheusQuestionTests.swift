import Testing

@testable import Experiments

/// Which expressions are no guard, whatever Prometheus would say to them.
@Suite struct PrometheusQuestionTests {
    @Test(arguments: [
        "up == 0",
        "sum(rate(errors[1m])) > 5",
        #"absent(up{job="shop"})"#,
        #"up{bool="x"} == 0"#,
        #"sum by (bool) (up) > 1"#,
        #"up{job="a == bool 1"} == 0"#,
        "up == 0 # not == bool 1",
        "up{a='it\\'s', b=`\\`} == 0",
        "vector(1)",
        "scalar(a) + b",
        "time() - last_seen > 60",
        "rate(a:b_c[5m] offset 1h) > 1e-3",
        "up{} # comment (",
        "inf_total > 1",
    ])
    func `an expression that may yield elements or none is taken`(_ text: String) throws {
        #expect(try PrometheusQuestion(text) == PrometheusQuestion(expression: text))
    }

    private static let number =
        "this is a number or a text and no vector, which yields elements or none: "
        + "an expression that selects something, such as up == 0, is accepted"
    private static let bool =
        "bool makes the comparison always yield something, so it would always be a breach: "
        + "a comparison without bool is accepted"

    private static func function(_ name: String) -> String {
        "\(name)() is a number and no vector, which yields elements or none: "
            + "an expression that selects something, such as up == 0, is accepted"
    }

    @Test(arguments: [
        Case("nothing", "", ConditionProblem("a PromQL expression is accepted")),
        Case("a comment alone", "# up == 0", ConditionProblem("a PromQL expression is accepted")),
        Case("a number", "1", ConditionProblem(number, at: 0)),
        Case("a number in brackets", " (-1.5e-3)", ConditionProblem(number, at: 1)),
        Case("a sum of numbers", "1 + 0x1F * Inf", ConditionProblem(number, at: 0)),
        Case("no number", "NaN", ConditionProblem(number, at: 0)),
        Case("a text", #""up == 0""#, ConditionProblem(number, at: 0)),
        Case("scalar", "scalar(sum(up))", ConditionProblem(function("scalar"), at: 0)),
        Case("the time", "time()", ConditionProblem(function("time"), at: 0)),
        Case("bool", "up == bool 1", ConditionProblem(bool, at: 6)),
        Case("BOOL behind a text", #"up{a="\""} >BOOL 1"#, ConditionProblem(bool, at: 12)),
        Case("bool behind letters of two bytes", #"up{a="äöü"} != bool 1"#, ConditionProblem(bool, at: 15)),
        Case(
            "a text without an end",
            #"up{job="shop}"#,
            ConditionProblem("the text that begins with \" here does not end", at: 7)
        ),
        Case(
            "a bracket without an end",
            "sum(rate(x[5m]) > 1",
            ConditionProblem("a ) is missing for what opens here", at: 3)
        ),
        Case(
            "an end without a bracket",
            "up) > 1",
            ConditionProblem("nothing was opened that this ) ends", at: 2)
        ),
        Case(
            "brackets that cross",
            "sum(x[5m)]",
            ConditionProblem("nothing was opened that this ) ends", at: 8)
        ),
    ])
    func `what can be no guard is refused with its place`(_ row: Case<String, ConditionProblem>) {
        #expect(throws: row.output) { try PrometheusQuestion(row.input) }
    }
}
