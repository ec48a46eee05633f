import Base
import Glibc
import Testing

@Suite struct SyscallTests {
    /// Answers like a system call would: a number, or a reason to fail.
    private static func answer(_ result: Int) -> Int {
        guard result < 0 else { return result }
        errno = CInt(-result)
        return -1
    }

    private static func failing(_ code: CInt) -> Int { -Int(code) }

    private enum Outcome: Equatable, Sendable {
        case value(Int)
        case notNow
        case failure(SystemError)
    }

    private static let retried: [Case<[Int], Outcome>] = [
        Case("a result", [3], .value(3)),
        Case("nothing is a result too", [0], .value(0)),
        Case("interrupted twice", [failing(EINTR), failing(EINTR), 3], .value(3)),
        Case(
            "interrupted, then failed",
            [failing(EINTR), failing(EBADF)],
            .failure(.init(call: "call", code: EBADF))
        ),
        Case("not now is a failure", [failing(EAGAIN)], .failure(.init(call: "call", code: EAGAIN))),
    ]

    @Test(arguments: retried)
    private func `a call is made again when a signal interrupts it`(_ row: Case<[Int], Outcome>) {
        var answers = row.input[...]
        do throws(SystemError) {
            #expect(.value(try retrying("call") { Self.answer(answers.removeFirst()) }) == row.output)
        } catch {
            #expect(.failure(error) == row.output)
        }
        #expect(answers.isEmpty)
    }

    private static let unblocked: [Case<[Int], Outcome>] = [
        Case("a result", [3], .value(3)),
        Case("interrupted", [failing(EINTR), 3], .value(3)),
        Case("not now", [failing(EAGAIN)], .notNow),
        Case("interrupted, then not now", [failing(EINTR), failing(EAGAIN)], .notNow),
        Case("failed", [failing(EPIPE)], .failure(.init(call: "call", code: EPIPE))),
    ]

    @Test(arguments: unblocked)
    private func `a call that would block says not now`(_ row: Case<[Int], Outcome>) {
        var answers = row.input[...]
        do throws(SystemError) {
            let result = try unblocking("call") { Self.answer(answers.removeFirst()) }
            #expect(result.map { .value($0) } ?? .notNow == row.output)
        } catch {
            #expect(.failure(error) == row.output)
        }
        #expect(answers.isEmpty)
    }

    @Test func `an error names the call and the kernel's reason`() {
        #expect(SystemError(call: "open", code: ENOENT).description == "open: No such file or directory")
        #expect(SystemError(call: "open", code: 9_999).description == "open: error 9999")
    }

    @Test func `an error without a code takes it from errno`() {
        errno = EPERM
        #expect(SystemError(call: "setuid") == SystemError(call: "setuid", code: EPERM))
    }
}
