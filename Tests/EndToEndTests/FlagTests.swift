import Base
import TestSupport
import Testing

/// Command lines that cannot be understood: exit code 2, and what would have been.
@Suite(.timeLimit(.minutes(2))) struct FlagTests {
    struct Case: CustomTestStringConvertible {
        let words: [String]
        let message: String
        var environment: [String: String] = [:]

        var testDescription: String { words.joined(separator: " ") }
    }

    private static func serve(_ words: String..., told message: String) -> Case {
        Case(words: ["serve"] + words, message: message)
    }

    private static func timeout(_ text: String) -> Case {
        let accepted = "a length of time such as 90s, 5m or PT1H30M is accepted"
        let words = ["start", "EXT1", "--wait", "--timeout", text]
        return Case(words: words, message: "--timeout is \"\(text)\": \(accepted)")
    }

    private static let address = "HOST:PORT with a numeric address is accepted"

    private static let url = "an http:// or https:// URL without user, password and query is accepted"

    private static let quotas =
        "NAME=N is accepted, with commas between several; the names are experiments (1 to 1000000), "
        + "templates (1 to 1000000), account-configurations (1 to 1000), actions (1 to 100), "
        + "parallel-actions (1 to 100), targets (1 to 100), resources (1 to 20000), hours (1 to 168), "
        + "retention-days (1 to 3650)"

    static let cases: [Case] = [
        serve("--listen", "nonsense", told: #"--listen is "nonsense": \#(address)"#),
        serve("--listen", "example.com:80", told: #"--listen is "example.com:80": \#(address)"#),
        serve("--listen", "1.2.3.4:65536", told: #"--listen is "1.2.3.4:65536": \#(address)"#),
        serve("--listen", told: "--listen needs a value: HOST:PORT"),
        serve("--listen=", told: "--listen needs a value: HOST:PORT"),
        serve("--data-dir", "", told: "--data-dir needs a value: DIR"),
        serve("--data-dir", told: "--data-dir needs a value: DIR"),
        serve("--database-url", told: "--database-url needs a value: URL"),
        serve("--master-key", told: "--master-key needs a value: FILE"),
        serve("--region", "a b", told: #"--region is "a b": small letters, digits and - are accepted"#),
        serve("--region", "x\ny", told: "--region is \"x\ny\": small letters, digits and - are accepted"),
        serve("--account", "12", told: #"--account is "12": 12 digits are accepted"#),
        serve("--account", "12345678901a", told: #"--account is "12345678901a": 12 digits are accepted"#),
        serve("--lease", "2.9", told: #"--lease is "2.9": 3 to 300 seconds are accepted"#),
        serve("--lease", "nan", told: #"--lease is "nan": 3 to 300 seconds are accepted"#),
        serve("--lease", "15s", told: #"--lease is "15s": 3 to 300 seconds are accepted"#),
        serve("--max-wait", "61", told: #"--max-wait is "61": 1 to 60 seconds are accepted"#),
        serve("--max-wait", "-1", told: #"--max-wait is "-1": 1 to 60 seconds are accepted"#),
        serve("--advertise", "host", told: #"--advertise is "host": HOST:PORT is accepted"#),
        serve("--rate", "0", told: #"--rate is "0": 1 to 1000000 are accepted"#),
        serve("--quota", "runs=1", told: #"--quota is "runs=1": \#(quotas)"#),
        serve("--quota", "experiments=0", told: #"--quota is "experiments=0": \#(quotas)"#),
        serve("--quota", "experiments=1,", told: #"--quota is "experiments=1,": \#(quotas)"#),
        serve("--loops", "0", told: #"--loops is "0": 1 to 64 are accepted"#),
        serve("--loops", "65", told: #"--loops is "65": 1 to 64 are accepted"#),
        serve(
            "--log-level",
            "loud",
            told: #"--log-level is "loud": debug, info, warning or error is accepted"#
        ),
        serve("--log-sample", "-1", told: #"--log-sample is "-1": a whole number, 0 or more, is accepted"#),
        serve("--prometheus", "prometheus.example", told: #"--prometheus is "prometheus.example": \#(url)"#),
        serve(
            "--prometheus",
            "http://me:word@host/",
            told: #"--prometheus is "http://me:word@host/": \#(url)"#
        ),
        serve("--prometheus", "http://host/?a=b", told: #"--prometheus is "http://host/?a=b": \#(url)"#),
        serve("--cloudwatch", "ftp://host", told: #"--cloudwatch is "ftp://host": \#(url)"#),
        serve(
            "--prometheus-auth",
            "file",
            told: "--prometheus-auth is given without --prometheus, which names who is asked"
        ),
        serve(
            "--source-destinations",
            "10.0.0.0/33",
            told:
                #"--source-destinations is "10.0.0.0/33": hosts, HOST:PORT, addresses and blocks such as 10.0.0.0/8 "#
                + "are accepted, with commas between several"
        ),
        serve("--no-auth=yes", told: #"--no-auth takes no value, and was given "yes""#),
        serve("--lisen", "x", told: "there is no flag --lisen; did you mean --listen?"),
        serve("--bogus", told: "there is no flag --bogus"),
        serve("now", told: #"there is no place for "now""#),
        serve(
            "--no-auth",
            "--listen",
            "0.0.0.0:0",
            told: "--no-auth makes everybody an admin, and is refused on 0.0.0.0:0: listen on loopback"
        ),
        serve(
            "--no-auth",
            "--listen",
            "[::]:0",
            told: "--no-auth makes everybody an admin, and is refused on [::]:0: listen on loopback"
        ),
        Case(
            words: ["serve"],
            message: #"--lease is "soon": 3 to 300 seconds are accepted"#,
            environment: ["FAULTPLANE_LEASE": "soon"]
        ),
        Case(
            words: ["serve", "--listen", "0.0.0.0:0"],
            message: "--no-auth makes everybody an admin, and is refused on 0.0.0.0:0: listen on loopback",
            environment: ["FAULTPLANE_NO_AUTH": "1"]
        ),
        Case(words: ["migrate", "now"], message: #"there is no place for "now""#),
        Case(words: ["whoami", "me"], message: #"there is no place for "me""#),
        Case(words: ["key"], message: "key needs create, list or revoke"),
        Case(words: ["key", "destroy"], message: #"key needs create, list or revoke, not "destroy""#),
        Case(words: ["key", "create", "--name", "x"], message: "key create needs --role"),
        Case(words: ["key", "create", "--role", "viewer"], message: "key create needs --name"),
        Case(words: ["key", "list", "all"], message: #"there is no place for "all""#),
        Case(
            words: ["key", "list", "--account", "1&a=b"],
            message: #"--account is "1&a=b": 12 digits are accepted"#
        ),
        Case(words: ["key", "revoke"], message: "key revoke needs one KEY_ID"),
        Case(
            words: ["key", "revoke", "../accounts"],
            message: #""../accounts" is no KEY_ID: FP and 18 characters of A-Z and 2-7 are"#
        ),
        Case(words: ["start"], message: "start needs one TEMPLATE"),
        Case(
            words: ["start", "EXT/../x"],
            message: #""EXT/../x" is no TEMPLATE: EXT with letters and digits behind it is"#
        ),
        Case(words: ["start", "EXT1", "EXT2"], message: #"there is no place for "EXT2""#),
        Case(words: ["start", "EXT1", "--tag", "x"], message: #"--tag is "x": NAME=VALUE is accepted"#),
        Case(words: ["start", "EXT1", "--tag", "=x"], message: #"--tag is "=x": NAME=VALUE is accepted"#),
        Case(
            words: ["start", "EXT1", "--tag", "a=1", "--tag=a=2"],
            message: #"--tag names "a" twice: a name is accepted once"#
        ),
        Case(words: ["start", "EXT1", "--timeout", "5m"], message: "--timeout is for use with --wait"),
        timeout("soon"), timeout("0s"), timeout("5"), timeout("-1s"),
        Case(words: ["stop"], message: "stop needs one EXPERIMENT"),
        Case(
            words: ["stop", "EXP1?x=y"],
            message: #""EXP1?x=y" is no EXPERIMENT: EXP with letters and digits behind it is"#
        ),
        Case(words: ["stop", "EXP1", "EXP2"], message: #"there is no place for "EXP2""#),
        Case(words: ["watch"], message: "watch needs one EXPERIMENT"),
        Case(
            words: ["watch", "../keys"],
            message: #""../keys" is no EXPERIMENT: EXP with letters and digits behind it is"#
        ),
        Case(
            words: ["status", "EXT1"],
            message: #""EXT1" is no EXPERIMENT: EXP with letters and digits behind it is"#
        ),
        Case(words: ["stop-all"], message: "stop-all needs --reason TEXT"),
        Case(words: ["stop-all", "now", "--reason", "x"], message: #"there is no place for "now""#),
        Case(
            words: ["stop-all", "--reason", "x", "--scope", "team"],
            message: #"--scope is "team": deployment or account is accepted"#
        ),
        Case(words: ["lever"], message: "lever needs engage, disengage or status"),
        Case(words: ["lever", "pull"], message: #"lever needs engage, disengage or status, not "pull""#),
        Case(words: ["lever", "engage"], message: "lever engage needs --reason TEXT"),
        Case(words: ["lever", "disengage"], message: "lever disengage needs --reason TEXT"),
        Case(words: ["lever", "status", "all"], message: #"there is no place for "all""#),
        Case(words: ["account"], message: "account needs create or list"),
        Case(
            words: ["account", "create", "--name", "x"],
            message: "account create needs an ID of 12 digits and --name"
        ),
    ]

    // One after the other: so many processes at once would starve the tests that keep time.
    @Test(.serialized, arguments: cases)
    func `what cannot be understood is refused with what would be`(
        _ each: Case
    ) throws {
        let scratch = try Scratch()
        let run = try Program.run(each.words, environment: each.environment, in: scratch.path)
        let help = "(faultplane \(each.words[0]) --help shows what is accepted)"
        #expect(run == .init(code: 2, complaint: "faultplane: \(each.message)\n\(help)\n"))
        #expect(!Files.exists(scratch.path + "/.faultplane"))
    }

    @Test func `an unknown command and none are told which there are`() async throws {
        let (unknown, none, help) = try await onThread {
            (try Program.run(["sreve"]), try Program.run([]), try Program.run(["--help"]))
        }
        let told = "faultplane: there is no command \"sreve\"\n(faultplane --help shows those there are)\n"
        #expect(unknown == .init(code: 2, complaint: told))
        #expect(none == .init(code: 2, complaint: help.output))
    }
}
