import Base
import SafetyLever
import Testing

/// Three nodes, a database, and messages that take their time: whatever happens in whatever order, one version never means two contents.
@Suite struct LeverModelTests {
    @Test(arguments: 0..<300)
    func oneVersionOneContent(seed: UInt64) {
        var model = Model(seed: seed)
        for _ in 0..<400 { model.step() }
        #expect(model.problems.isEmpty, "seed \(seed): \(model.problems.first ?? "")")
        #expect(model.served.count > 3)
        model.settle()
        #expect(model.problems.isEmpty, "seed \(seed): \(model.problems.first ?? "")")
    }
}

private struct Model {
    /// One target's document, as the database has it and as nodes read it.
    struct Document: Equatable {
        var change: Int64 = 0
        var epoch: Int64 = 0
        var fault: String?
    }

    struct Version: Hashable {
        let epoch: Int64
        let change: Int64
    }

    struct Node {
        var memory = LeverMemory()
        var document = Document()
        /// Engagements that this node has acknowledged and that are not over.
        var acknowledged: Set<String> = []
    }

    var random: SplitMix64
    var record = LeverRecord(status: .disengaged, epoch: 1)
    /// True for those that are over.
    var engagements: [String: Bool] = [:]
    var document = Document()
    var nodes = [Node](repeating: Node(), count: 3)
    var messages: [(to: Int, latch: Latch)] = []
    var names = 0
    var served: [Version: String] = [:]
    var problems: [String] = []

    init(seed: UInt64) { random = SplitMix64(seed: seed) }

    mutating func step() {
        let node = Int.random(in: 0..<3, using: &random)
        let epoch = nodes[node].memory.epoch
        switch Int.random(in: 0..<24, using: &random) {
        case 0: engage(node)
        case 1: restart(node)
        case 2...4: record(from: node)
        case 5, 6: disengage()
        case 7, 8: deliver()
        case 9...13: publish()
        default: read(node)
        }
        if nodes[node].memory.epoch < epoch { problems.append("an epoch fell") }
        for node in nodes.indices { serve(node) }
    }

    private mutating func engage(_ node: Int) {
        names += 1
        let latch = nodes[node].memory.engage(LeverMemoryTests.latch("E\(names)"))
        nodes[node].acknowledged.insert(latch.id)
        for other in nodes.indices where other != node { messages.append((other, latch)) }
    }

    private mutating func restart(_ node: Int) {
        let before = nodes[node].memory
        nodes[node].memory = LeverMemory(latches: before.latches, epoch: before.epoch)
        nodes[node].document = Document()
    }

    private mutating func record(from node: Int) {
        if nodes[node].memory.isAhead, record.status == .disengaged {
            record.epoch = max(record.epoch, nodes[node].memory.epoch)
        }
        guard let latch = nodes[node].memory.unrecorded.first else { return }
        if engagements[latch.id] == nil {
            if record.status == .disengaged {
                record.epoch = max(record.epoch + 1, latch.epoch)
                record.status = .engaging
                record.engagementID = latch.id
            } else {
                record.epoch = max(record.epoch, latch.epoch)
            }
            engagements[latch.id] = false
        }
        if engagements[latch.id] == false {
            let standing = record.engagementID
            _ = nodes[node].memory.recorded(latch.id, epoch: record.epoch, under: standing)
        } else {
            _ = nodes[node].memory.over(latch.id)
            nodes[node].acknowledged.remove(latch.id)
        }
    }

    /// Left alone for long enough, everybody agrees, and what is started then is served by all.
    mutating func settle() {
        while !messages.isEmpty { deliver() }
        for _ in 0..<8 {
            for node in nodes.indices {
                record(from: node)
                read(node)
            }
            disengage()
        }
        document = Document(change: document.change + 1, epoch: record.epoch, fault: "the last")
        for node in nodes.indices {
            read(node)
            serve(node)
            let memory = nodes[node].memory
            if memory.isEngaged || memory.epoch != record.epoch {
                problems.append("node \(node) stays \(memory)")
            }
        }
        if served[Version(epoch: record.epoch, change: document.change)] != "the last" {
            problems.append("what is started is not served")
        }
    }

    private mutating func disengage() {
        if record.status == .disengaged { return }
        record.status = .disengaged
        record.engagementID = nil
        for id in engagements.keys { engagements[id] = true }
    }

    private mutating func deliver() {
        guard !messages.isEmpty else { return }
        let message = messages.remove(at: Int.random(in: messages.indices, using: &random))
        _ = nodes[message.to].memory.told(message.latch)
    }

    /// A run starts or ends, which the lever's row allows or not.
    private mutating func publish() {
        document.change += 1
        let starts = document.fault == nil && record.status == .disengaged
        document.fault = starts ? "fault \(document.change)" : nil
        document.epoch = starts ? record.epoch : 0
    }

    private mutating func read(_ node: Int) {
        let known = Set(nodes[node].memory.latches.map(\.id))
        let asked = engagements.filter { known.contains($0.key) }
        _ = nodes[node].memory.read(record, engagements: asked)
        nodes[node].document = document
        nodes[node].acknowledged.subtract(engagements.filter(\.value).keys)
    }

    private mutating func serve(_ node: Int) {
        let (memory, document) = (nodes[node].memory, nodes[node].document)
        let isOn = !memory.isEngaged && document.epoch == memory.epoch
        let content = isOn ? document.fault ?? "" : ""
        if !nodes[node].acknowledged.isEmpty, !content.isEmpty { problems.append("served after a halt") }
        let version = Version(epoch: memory.epoch, change: document.change)
        if let before = served.updateValue(content, forKey: version), before != content {
            problems.append("\(version) was \"\(before)\" and is \"\(content)\"")
        }
    }
}
