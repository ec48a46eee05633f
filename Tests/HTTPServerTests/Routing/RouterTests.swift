import Testing

@testable import HTTPServer

@Suite struct RouterTests {
    private static let table: [(Method, StaticString)] = [
        (.get, "/"), (.get, "/experiments"), (.post, "/experiments"), (.get, "/experiments/{id}"),
        (.delete, "/experiments/{id}"), (.get, "/experiments/{id}/events"), (.get, "/experiments/running"),
        (.post, "/{kind}/{id}/acks"), (.patch, "/{a}/{b}/{c}/{d}"),
    ]

    struct Case: Sendable, CustomTestStringConvertible {
        let line: String
        let expected: String
        var testDescription: String { line }
    }

    @Test(arguments: [
        Case(line: "GET /", expected: "0 []"),
        Case(line: "GET /experiments", expected: "1 []"),
        Case(line: "HEAD /experiments", expected: "1 []"),
        Case(line: "POST /experiments", expected: "2 []"),
        Case(line: "GET /experiments?id=1", expected: "1 []"),
        Case(line: "GET /experiments/EXP1", expected: "3 [EXP1]"),
        Case(line: "GET /experiments/a%2Fb", expected: "3 [a/b]"),
        Case(line: "GET /experiments/a%2fevents", expected: "3 [a/events]"),
        Case(line: "GET /experiments/%2E%2E", expected: "3 [..]"),
        Case(line: "GET /experiments/..", expected: "3 [..]"),
        Case(line: "GET /experiments/a+b", expected: "3 [a+b]"),
        Case(line: "GET /experiments/%C3%A9", expected: "3 [\u{E9}]"),
        Case(line: "GET /experiments/%C3", expected: "3 [broken]"),
        Case(line: "GET /experiments/%4", expected: "3 [broken]"),
        Case(line: "GET /experiments/%zz", expected: "3 [broken]"),
        Case(line: "DELETE /experiments/EXP1", expected: "4 [EXP1]"),
        Case(line: "GET /experiments/EXP1/events", expected: "5 [EXP1]"),
        Case(line: "GET /experiments/running", expected: "6 []"),
        Case(line: "GET /experiments/running/events", expected: "5 [running]"),
        Case(line: "POST /experiments/running/acks", expected: "7 [experiments, running]"),
        Case(line: "POST /other/1/acks", expected: "7 [other, 1]"),
        Case(line: "PATCH /1/2/3/4", expected: "8 [1, 2, 3, 4]"),
        Case(line: "GET http://host/experiments/a%2Fb", expected: "3 [a/b]"),
        Case(line: "GET http://host", expected: "0 []"),
        Case(line: "PUT /experiments", expected: "allowed GET POST HEAD"),
        Case(line: "BREW /experiments", expected: "allowed GET POST HEAD"),
        Case(line: "get /experiments", expected: "allowed GET POST HEAD"),
        Case(line: "GET /other/1/acks", expected: "allowed POST"),
        Case(line: "HEAD /1/2/3/4", expected: "allowed PATCH"),
        Case(line: "GET /%65xperiments", expected: "nothing"),
        Case(line: "GET /Experiments", expected: "nothing"),
        Case(line: "GET /experiments/", expected: "nothing"),
        Case(line: "GET //experiments", expected: "nothing"),
        Case(line: "GET //", expected: "nothing"),
        Case(line: "GET /experiments//events", expected: "nothing"),
        Case(line: "GET /experiments/1/events/", expected: "nothing"),
        Case(line: "GET /1/2/3/4/5", expected: "nothing"),
        Case(line: "GET /unknown", expected: "nothing"),
        Case(line: "OPTIONS *", expected: "nothing"),
    ])
    func `a path and method lead to one place`(each: Case) throws {
        var router = Router()
        for (number, route) in Self.table.enumerated() { try router.add(route.0, route.1, number: number) }
        #expect(try describe(router, Request.parsed(each.line)) == each.expected)
    }

    private func describe(_ router: Router, _ request: Request) -> String {
        switch router.find(request) {
        case .notFound: return "nothing"
        case .methodNotAllowed(let methods):
            return "allowed \(methods.map(\.rawValue).joined(separator: " "))"
        case .route(let number, let captures):
            var request = request
            request.captures = captures
            let values = (0..<5).filter { request.captureBytes($0) != nil }.map {
                request.capture($0) ?? "broken"
            }
            let detached = request.detached()
            let same = (0..<5).allSatisfy { detached.capture($0) == request.capture($0) }
            return "\(number) [\(values.joined(separator: ", "))]" + (same ? "" : " and not so detached")
        }
    }

    @Test func `two routes for the same requests are refused, whatever their parameters are called`() throws {
        var router = Router()
        try router.add(.get, "/a/{x}", number: 0)
        try router.add(.post, "/a/{y}", number: 1)
        let conflict = #expect(throws: RouteConflict.self) { try router.add(.get, "/a/{y}", number: 2) }
        #expect(conflict == RouteConflict(method: .get, pattern: "/a/{y}", reason: .taken))
        #expect(conflict?.description == "two routes for GET /a/{y}")
    }

    @Test func `a route with more parameters than are captured is refused`() throws {
        var router = Router()
        let conflict = #expect(throws: RouteConflict.self) {
            try router.add(.get, "/{a}/{b}/{c}/{d}/{e}", number: 0)
        }
        #expect(conflict?.reason == .tooManyParameters)
        #expect(conflict?.description == "more than 4 parameters in GET /{a}/{b}/{c}/{d}/{e}")
    }

    @Test func `an unknown capture is nothing`() throws {
        var request = try Request.parsed("GET /a")
        #expect(request.capture(0) == nil)
        request.captures.append(5..<6)
        #expect([request.capture(-1), request.capture(0), request.capture(1)] == [nil, "a", nil])
    }
}
