import Base
import Store
import Testing

@testable import ControlPlane

/// What a caller is told when the database says no, and what it is not told.
@Suite struct StoreErrorTests {
    struct Case: CustomTestStringConvertible {
        let testDescription: String
        let error: StoreError
        let status: Int
        let code: ErrorCode
        let message: String

        init(_ name: String, _ error: StoreError, _ status: Int, _ code: ErrorCode, _ message: String) {
            testDescription = name
            (self.error, self.status, self.code, self.message) = (error, status, code, message)
        }
    }

    private static func server(_ state: String) -> StoreError {
        .server(ServerError(state: SQLState(state), message: "inner words", detail: "a secret row"))
    }

    private static let key = required(KeyID("FPAAAAAAAAAAAAAAAAAA"))
    private static let account = required(AccountID("222222222222"))
    private static let away = "The database cannot be reached."
    private static let crowd = "Too many requests are waiting for the database."

    static let cases: [Case] = [
        .init("unavailable", .unavailable("inner words"), 503, .unavailable, away),
        .init("connection lost", .connectionLost("inner words"), 503, .unavailable, away),
        .init(
            "outcome unknown",
            .outcomeUnknown("inner words"),
            503,
            .unavailable,
            "The database was lost before it had answered; what was to be changed may be done or not: read before repeating it."
        ),
        .init("queue full", .queueFull(waiting: 256), 503, .unavailable, crowd),
        .init("waited too long", .waitedTooLong(.seconds(2)), 503, .unavailable, crowd),
        .init("cancelled", .cancelled, 503, .unavailable, "The request was given up."),
        .init("closed", .closed, 503, .unavailable, "The server is stopping."),
        .init("statement cancelled", server("57014"), 503, .unavailable, "The database took too long."),
        .init("collision", server("40001"), 503, .unavailable, "The database refused the statement."),
        .init("disk full", server("53100"), 503, .unavailable, "The database's disk is full."),
        .init(
            "no memory",
            server("53200"),
            503,
            .unavailable,
            "The database is short of memory or connections."
        ),
        .init(
            "statement wrong",
            server("42601"),
            500,
            .internalFailure,
            "The database refused the statement."
        ),
        .init(
            "unexpected row",
            .unexpectedRow("inner words"),
            500,
            .internalFailure,
            "The database holds something this version cannot read."
        ),
        .init("misuse", .misuse("inner words"), 500, .internalFailure, "The server made a mistake."),
        .init(
            "key unknown",
            .refused(.keyUnknown(key)),
            404,
            .notFound,
            "There is no key \(key) in this account."
        ),
        .init(
            "account unknown",
            .refused(.accountUnknown(account)),
            404,
            .notFound,
            "There is no account \(account)."
        ),
        .init(
            "account exists",
            .refused(.accountExists(account)),
            409,
            .conflict,
            "Account \(account) exists already."
        ),
        .init(
            "name invalid",
            .refused(.nameInvalid("")),
            400,
            .validation,
            "\"\" is no name: 1 to 128 characters are."
        ),
        .init(
            "NUL in a text",
            .refused(.textHasNUL),
            400,
            .validation,
            "A text contains the character U+0000, which cannot be stored."
        ),
        .init(
            "target unknown",
            .refused(.targetUnknown("arn:aws:s3:::pictures")),
            404,
            .notFound,
            "There is no target arn:aws:s3:::pictures in this account."
        ),
        .init(
            "template unknown",
            .refused(.templateUnknown("EXT1")),
            404,
            .notFound,
            "There is no experiment template EXT1 in this account."
        ),
        .init(
            "too many templates",
            .refused(.templateQuota(500)),
            402,
            .quotaExceeded,
            "The account has 500 experiment templates, which is as many as it may have: delete some."
        ),
        .init(
            "client token reused",
            .refused(.clientTokenReused),
            409,
            .conflict,
            "The clientToken was used before with another request: a new one is accepted."
        ),
        .init(
            "account configuration unknown",
            .refused(.accountConfigurationUnknown(template: "EXT1", accountID: "123456789012")),
            404,
            .notFound,
            "The experiment template EXT1 has no configuration for account 123456789012."
        ),
        .init(
            "account configuration exists",
            .refused(.accountConfigurationExists(template: "EXT1", accountID: "123456789012")),
            409,
            .conflict,
            "The experiment template EXT1 has a configuration for account 123456789012 already."
        ),
        .init(
            "too many account configurations",
            .refused(.accountConfigurationQuota(40)),
            402,
            .quotaExceeded,
            "The experiment template has 40 account configurations, which is as many as it may have: delete some."
        ),
    ]

    @Test(arguments: cases) func `each has its status and sentence, and keeps its details`(_ each: Case) {
        let error = APIError(each.error)
        #expect(error.status.code == each.status)
        #expect(error.code == each.code)
        #expect(error.message == each.message)
        #expect((error.retryAfter != nil) == (each.status == 503))
        #expect(error.retryAfter.map { (1...10).contains($0) } != false)
        if case .server = each.error {
            #expect(error.detail?.logged.text?.contains("inner words") == true, "the log is told")
        }
    }
}
