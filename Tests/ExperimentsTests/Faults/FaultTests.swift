import Base
import Experiments
import Testing

@Suite struct FaultTests {
    private static let version = FaultVersion(epoch: 3, change: 19)

    private static func text(_ document: FaultDocument) -> String {
        String(decoding: document.json.encoded, as: UTF8.self)
    }

    private static func fault(_ percentage: String?, name: String = "InjectDelay") -> Fault? {
        let share = percentage.map { [TemplateAction.Parameter("invocationPercentage", $0)] } ?? []
        return Fault(
            experimentID: "EXPa",
            action: Stage.fault(name, 300, parameters: [.init("startupDelayMilliseconds", "2000")] + share),
            target: Stage.arn("checkout"),
            notBefore: Stage.start,
            notAfter: Stage.second(300)
        )
    }

    @Test func `a document is written member by member`() throws {
        let version = try #require(Self.version)
        let fault = try #require(Self.fault("100"))
        let document = FaultDocument(target: Stage.arn("checkout"), version: version, faults: [fault])
        #expect(
            Self.text(document)
                == #"{"target":"arn:aws:lambda:us-east-1:000000000000:function:checkout","version":12884901907,"epoch":3,"#
                + #""faults":[{"id":"EXPa/InjectDelay","experimentId":"EXPa","#
                + #""actionId":"aws:lambda:invocation-add-delay","#
                + #""parameters":{"startupDelayMilliseconds":"2000","invocationPercentage":"100"},"#
                + #""salt":"\#(fault.salt)","notBefore":1790000000.0,"notAfter":1790000300.0}]}"#
        )
    }

    @Test func `a salt is half the SHA-256 of run, action and target, and another for each`() throws {
        var parts: [UInt8] = []
        for text in ["EXPa", "InjectDelay", Stage.arn("checkout")] {
            parts += [0, 0, 0, 0, 0, 0, 0, UInt8(text.utf8.count)] + Array(text.utf8)
        }
        let fault = try #require(Self.fault(nil))
        #expect(fault.salt == Hex.encode(Array(Hash.sha256(parts).prefix(16))))
        #expect(fault.salt != Self.fault(nil, name: "Other")?.salt)
    }

    private static let percentages: [Row<String?, Bool>] = [
        Row("none given", nil, true), Row("all", "100", true), Row("one", "1", true),
        Row("no number", "half", true),
        Row("zero", "0", false), Row("zeros", "00", false), Row("zero with a fraction", "0.0", false),
        Row("less", "-1", false),
    ]

    @Test(arguments: percentages) func `a fault of no invocation is no fault, to the byte`(
        _ row: Row<String?, Bool>
    ) throws {
        let version = try #require(Self.version)
        let fault = Self.fault(row.input)
        #expect((fault != nil) == row.output)
        if fault == nil {
            let document = FaultDocument(target: "t", version: version, faults: [fault].compactMap(\.self))
            #expect(Self.text(document) == #"{"target":"t","version":12884901907,"epoch":3,"faults":[]}"#)
        }
    }

    @Test func `a document does not tell in which order its faults were published`() throws {
        let version = try #require(Self.version)
        let faults = ["B", "A", "C"].compactMap { Self.fault(nil, name: $0) }
        let texts = [faults, faults.reversed(), faults.sorted { $0.id < $1.id }].map {
            Self.text(FaultDocument(target: "t", version: version, faults: $0))
        }
        #expect(Set(texts).count == 1)
        #expect(
            FaultDocument(target: "t", version: version, faults: faults).faults.map(\.id) == [
                "EXPa/A", "EXPa/B", "EXPa/C",
            ]
        )
    }

    @Test func `a fault is on from its beginning up to its end`() throws {
        let fault = try #require(Self.fault(nil))
        let moments = [-0.001, 0, 299.999, 300].map { fault.isOn(at: Stage.second($0)) }
        #expect(moments == [false, true, true, false])
    }

    private static let versions: [Row<(Int64, Int64), Int64?>] = [
        Row("the first", (0, 0), 0), Row("as in the design", (3, 19), 12_884_901_907),
        Row("the last change of an epoch", (1, 4_294_967_295), 8_589_934_591),
        Row("one change too many", (1, 4_294_967_296), nil), Row("a change below zero", (1, -1), nil),
        Row("the last epoch", (2_147_483_647, 4_294_967_295), .max),
        Row("an epoch too many", (2_147_483_648, 0), nil),
        Row("an epoch below zero", (-1, 0), nil), Row("as much as can be said", (.max, .max), nil),
    ]

    @Test(arguments: versions) func `a version is of epoch and change, or none`(
        _ row: Row<(Int64, Int64), Int64?>
    ) {
        #expect(FaultVersion(epoch: row.input.0, change: row.input.1)?.number == row.output)
    }

    @Test func `any change of a later epoch is above every change of an earlier one`() throws {
        let last = try #require(FaultVersion(epoch: 3, change: 4_294_967_295))
        let first = try #require(FaultVersion(epoch: 4, change: 0))
        #expect(last < first)
    }

    private static let moments: [Row<Int64, String>] = [
        Row("a quarter", 1_790_000_000_250_000_000, "1790000000.25"),
        Row("a tenth", 1_790_000_000_100_000_000, "1790000000.1"),
        Row("a millisecond", 1_790_000_000_001_000_000, "1790000000.001"),
        Row("the last microsecond", 1_790_000_000_999_999_000, "1790000000.999999"),
        Row("before 1970", -1_500_000_000, "-1.5"),
    ]

    @Test(arguments: moments) func `times are seconds, as short as they can be said`(
        _ row: Row<Int64, String>
    ) throws {
        let fault = try #require(
            Fault(
                experimentID: "E",
                action: Stage.fault("A", 1),
                target: "t",
                notBefore: Timestamp(nanoseconds: row.input),
                notAfter: Stage.start
            )
        )
        let text = String(decoding: fault.json["notBefore"]?.encoded ?? [], as: UTF8.self)
        #expect(text == row.output)
    }
}
