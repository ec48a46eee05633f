import Base
import TestSupport
import Testing

@testable import ControlPlane

/// Readers while the database is away: a name that was ours stays ours, and nothing is told that cannot be sure.
@Suite(.timeLimit(.minutes(10))) struct ParameterTroubleTests {
    private static let own = "/faultplane/chaos_lambda/checkout"

    @Test
    func `a node that loses its database tells a fault no longer than its trust, and again when it is back`()
        async throws
    {
        try await withDatabaseURL { database, url in
            let plane = try Plane(url: url) { $0.lease = .seconds(3) }
            try await plane.run {
                try await plane.boot()
                _ = try await plane.delaying()
                #expect(try plane.value(of: Self.own)["is_enabled"] == true)
                let proof = try plane.admin.bearer
                try await database.withNobodyLetIn {
                    var last: JSON = [:]
                    let isOff = try await plane.soon {
                        last = try plane.value(of: Self.own, as: proof)
                        return last["is_enabled"] == false
                    }
                    #expect(isOff)
                    let why = last["faultplane"]?.text ?? ""
                    #expect(why.hasPrefix("Nothing is told, since this node is not sure: no "), "\(why)")
                    let coverage = plane.node.delivery.book.followed.map { $0.withState { $0.readers.count } }
                    #expect(coverage == [1])
                }
                let isBack = try await plane.soon { try plane.value(of: Self.own)["is_enabled"] == true }
                #expect(isBack)
            }
        }
    }

    @Test func `a node that starts without its database knows the names that were bound`() async throws {
        let folder = TemporaryFolder()
        try await withDatabaseURL { _, url in
            let plane = try Plane(folder: folder, url: url)
            try await plane.run {
                try await plane.boot()
                try plane.bind("/ours", "checkout", "failure-lambda-0")
                let kept = try await plane.soon {
                    let bytes = try Files.read(folder.path + "/bindings") ?? []
                    return String(decoding: bytes, as: UTF8.self).contains("/ours")
                }
                #expect(kept)
            }
        }
        try await onThread {
            let plane = try Plane(folder: folder, url: "host='\(folder.path)' user='nobody' dbname='none'")
            try await plane.run {
                _ = try await plane.node.boot(patience: .seconds(1)) { _ in }
                #expect(try plane.read("/ours", as: .nothing).parameterValue["isEnabled"] == false)
                let own = try plane.read(Self.own, as: .nothing).parameterValue
                let early =
                    "Nothing is told: The keys have not been read yet, because the database has not answered"
                #expect(own["is_enabled"] == false && own["faultplane"]?.text?.hasPrefix(early) == true)
                let unknown = try plane.read("/theirs", as: .nothing)
                #expect(unknown.failure?.status == 503, "\(unknown.text)")
                let why = "The bindings have not been read yet, because the database has not answered"
                #expect(unknown.message?.hasPrefix(why) == true)
                let both = Ask.reading("GetParameters", ["Names": ["/theirs", .string(Self.own)]])
                let told = try plane.ask(both).json
                #expect(
                    told?["Parameters"]?.elements?.count == 1 && told?["InvalidParameters"] == ["/theirs"]
                )
                let byOperator = try plane.askControl(
                    .reading("GetParameter", ["Name": "/ours"], as: .nothing)
                )
                #expect(try byOperator.parameterValue["isEnabled"] == false)
            }
        }
    }

    @Test func `a file of bindings that is none is said to be so, and the node starts`() async throws {
        let folder = TemporaryFolder()
        try Files.replace(folder.path + "/bindings", with: Array("{".utf8))
        try await withDatabaseURL { _, url in
            let plane = try Plane(folder: folder, url: url)
            try await plane.run {
                try await plane.boot()
                #expect(plane.log.all.contains { $0.contains("bindings on the disk unreadable") })
                #expect(try plane.read("/theirs").code == "ParameterNotFound")
            }
        }
    }
}
