import Base
import TestSupport
import Testing

@testable import ControlPlane

/// What holds for every list: pages, their tokens, and what is said of those that cannot be used.
@Suite(.timeLimit(.minutes(10))) struct PagingTests {
    /// A list, by its operation, the member it is in and what its elements are known by.
    struct List {
        let operation: String
        let path: String
        let member: String
        let key: String
        let count: Int
    }

    /// Fills a plane with some of everything; says which lists there are.
    private func lists(_ plane: Plane) throws -> [List] {
        for number in 0..<5 {
            try plane.template()
            let body: JSON = ["resourceType": "aws:lambda:function"]
            #expect(try plane.ask("PUT", "/v1/targets/f\(number)", body).status == 200)
        }
        let several = Sample.template(token: "several", [Sample.forSeveralAccounts])
        let path = "/experimentTemplates/\(try plane.template(several))/targetAccountConfigurations"
        for number in 0..<3 {
            let body: JSON = ["roleArn": .string(Sample.role)]
            #expect(try plane.ask("POST", "\(path)/11111111111\(number)", body).status == 200)
        }
        for number in 0..<4 {
            let body: JSON = ["target": "f0", "dialect": "chaos_lambda"]
            #expect(try plane.ask("PUT", "/v1/bindings/%2Ff\(number)", body).status == 200)
        }
        for number in 0..<4 {
            #expect(try plane.ask("PUT", "/v1/alarms/a\(number)", ["state": "OK"]).status == 200)
        }
        let audited = try plane.ask("GET", "/v1/audit").json?["events"]?.elements?.count ?? 0
        return [
            .init(operation: "ListActions", path: "/actions", member: "actions", key: "id", count: 54),
            .init(
                operation: "ListTargetResourceTypes",
                path: "/targetResourceTypes",
                member: "targetResourceTypes",
                key: "resourceType",
                count: 24
            ),
            .init(
                operation: "ListExperimentTemplates",
                path: "/experimentTemplates",
                member: "experimentTemplates",
                key: "id",
                count: 6
            ),
            .init(
                operation: "ListTargetAccountConfigurations",
                path: path,
                member: "targetAccountConfigurations",
                key: "accountId",
                count: 3
            ),
            .init(operation: "ListBindings", path: "/v1/bindings", member: "bindings", key: "name", count: 4),
            .init(operation: "ListAlarms", path: "/v1/alarms", member: "alarms", key: "name", count: 4),
            .init(operation: "ListTargets", path: "/v1/targets", member: "targets", key: "arn", count: 5),
            .init(
                operation: "ListAuditEvents",
                path: "/v1/audit",
                member: "events",
                key: "id",
                count: audited
            ),
        ]
    }

    private func keys(_ answer: Answer, _ list: List) -> [JSON] {
        (answer.json?[list.member]?.elements ?? []).compactMap { $0[list.key] }
    }

    @Test func `pages of any size add up to the whole, in one order, each element once`() async throws {
        try await withPlane { plane in
            for list in try lists(plane) {
                let whole = try plane.ask("GET", list.path)
                #expect(keys(whole, list).count == list.count, "\(list.operation)")
                #expect(whole.json?["nextToken"] == nil, "\(list.operation)")
                for size in [1, 2, list.count - 1, list.count, 100] {
                    var seen: [JSON] = []
                    var path = "\(list.path)?maxResults=\(size)"
                    var pages = 0
                    while pages <= list.count {
                        pages += 1
                        let page = try plane.ask("GET", path)
                        #expect(
                            !keys(page, list).isEmpty && keys(page, list).count <= size,
                            "\(list.operation)"
                        )
                        seen += keys(page, list)
                        guard let token = page.json?["nextToken"]?.text else { break }
                        #expect(token.utf8.count <= 1_024)
                        path = "\(list.path)?maxResults=\(size)&nextToken=\(token)"
                    }
                    #expect(seen == keys(whole, list), "\(list.operation) by \(size)")
                    #expect(pages == (list.count + size - 1) / size, "\(list.operation): no empty last page")
                }
            }
        }
    }

    @Test func `a token is good for the list and the account that it was given to`() async throws {
        try await withPlane { plane in
            let lists = try lists(plane)
            var tokens: [String] = []
            for list in lists {
                let page = try plane.ask("GET", "\(list.path)?maxResults=1")
                tokens.append(try #require(page.json?["nextToken"]?.text))
            }
            let other = try plane.key(.admin, account: try plane.account("222222222222"))
            for (list, token) in zip(lists, tokens) {
                let bad =
                    tokens.filter { $0 != token } + [
                        "abc", "", "zz", String(token.dropLast(2)), token + "00",
                    ]
                for text in bad {
                    let shown = EchoedText(text)
                    let told =
                        "nextToken is \"\(shown)\": a token that \(list.operation) gave for the same request is accepted."
                    let answer = try plane.ask("GET", "\(list.path)?nextToken=\(text)")
                    #expect(answer.failure == .init(400, "ValidationException", told), "\(list.operation)")
                }
                let path = "\(list.path)?nextToken=\(token)"
                let theirs = try plane.ask(Ask("GET", path, as: other.bearer))
                #expect(theirs.failure?.code == "ValidationException", "\(list.operation)")
            }
        }
    }

    @Test func `a token is good for the same filters and the same template only`() async throws {
        try await withPlane { plane in
            let all = try lists(plane)
            let path = "/v1/targets?resourceType=aws:lambda:function&maxResults=1"
            let first = try plane.ask("GET", path)
            let token = try #require(first.json?["nextToken"]?.text)
            #expect(try plane.ask("GET", "\(path)&nextToken=\(token)").status == 200)
            let order = "maxResults=3&nextToken=\(token)&resourceType=aws%3Alambda%3Afunction"
            #expect(try plane.ask("GET", "/v1/targets?\(order)").status == 200)
            let other = try plane.ask("GET", "/v1/targets?resourceType=aws:s3:bucket&nextToken=\(token)")
            #expect(other.failure?.code == "ValidationException")

            let configurations = try #require(all.first { $0.member == "targetAccountConfigurations" })
            let page = try plane.ask("GET", "\(configurations.path)?maxResults=1")
            let theirs = try #require(page.json?["nextToken"]?.text)
            let body = Sample.template(token: "another", [Sample.forSeveralAccounts])
            let template = "/experimentTemplates/\(try plane.template(body))/targetAccountConfigurations"
            let moved = try plane.ask("GET", "\(template)?nextToken=\(theirs)")
            #expect(moved.failure?.code == "ValidationException")
        }
    }

    @Test(arguments: ["0", "101", "-1", "", "x", "1.5", "99999999999999999999"])
    func `a size from 1 to 100 is accepted`(_ size: String) async throws {
        try await withPlane { plane in
            for list in try lists(plane) {
                let answer = try plane.ask("GET", "\(list.path)?maxResults=\(size)&nextToken=x")
                let told =
                    "maxResults is \"\(size)\": a whole number from 1 to 100 is accepted; "
                    + "nextToken is \"x\": a token that \(list.operation) gave for the same request is accepted."
                #expect(answer.failure == .init(400, "ValidationException", told), "\(list.operation)")
            }
        }
    }

    @Test func `what is made or deleted meanwhile moves nothing else`() async throws {
        try await withPlane { plane in
            let made = try (0..<4).map { _ in try plane.template() }
            let first = try plane.ask("GET", "/experimentTemplates?maxResults=2")
            let token = try #require(first.json?["nextToken"]?.text)
            try plane.template()
            #expect(try plane.ask("DELETE", "/experimentTemplates/\(made[2])").status == 200)
            let rest = try plane.ask("GET", "/experimentTemplates?nextToken=\(token)")
            let ids = rest.json?["experimentTemplates"]?.elements?.compactMap { $0["id"]?.text }
            #expect(ids == [made[1], made[0]])
        }
    }
}
