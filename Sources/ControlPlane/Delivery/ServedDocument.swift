import Base
import Experiments

/// A target's document as those with one qualifier are told it, with the bytes of it.
///
/// It changes only with what is published and with the lever, so that it need not be written for each who asks.
///
/// A class, so that handing it on counts one reference and not one for each of its parts.
final class ServedDocument: Sendable {
    let version: FaultVersion
    let isEngaged: Bool
    let qualifier: String?
    let faults: [JSON]
    let body: [UInt8]

    init(_ target: String, _ version: FaultVersion, isEngaged: Bool, to qualifier: String?, _ faults: [JSON])
    {
        self.version = version
        self.isEngaged = isEngaged
        self.qualifier = qualifier
        self.faults = faults
        let written = Self.body(of: target, version, epoch: version.epoch, faults)
        // It stays for long, and there is one for each target: no more memory than it fills.
        var exact: [UInt8] = []
        exact.reserveCapacity(written.count)
        exact += written
        body = exact
    }

    /// Part by part, as asking another module whether two are equal takes longer than the answer.
    func isOf(_ version: FaultVersion, _ standing: DocumentBook.Standing) -> Bool {
        self.version.change == version.change && self.version.epoch == version.epoch
            && isEngaged == standing.isEngaged
    }

    /// As it goes over the wire; without a version where the node is not sure, and then it says why not.
    static func body(
        of target: String,
        _ version: FaultVersion?,
        epoch: Int64,
        _ faults: [JSON] = [],
        degraded: String? = nil
    ) -> [UInt8] {
        var members: [JSON.Member] = [
            .init("target", .string(target)), .init("version", version.map { .integer($0.number) } ?? .null),
            .init("epoch", .integer(epoch)), .init("faults", .array(faults)),
        ]
        if let degraded { members.append(.init("degraded", .string(degraded))) }
        return JSON.object(members).encoded
    }
}

extension TargetRoom.State {
    /// How many are remembered, as qualifiers are the clients' own.
    private static let servedLimit = 4

    /// What whoever has this qualifier is told now.
    mutating func document(
        of target: String,
        _ version: FaultVersion,
        _ standing: DocumentBook.Standing,
        to qualifier: String?
    ) -> ServedDocument {
        for document in served where document.isOf(version, standing) && document.qualifier == qualifier {
            return document
        }
        let document = ServedDocument(
            target,
            version,
            isEngaged: standing.isEngaged,
            to: qualifier,
            entry.served(standing, to: qualifier)
        )
        served.removeAll { !$0.isOf(version, standing) }
        if served.count >= Self.servedLimit { served.removeFirst() }
        served.append(document)
        return document
    }
}
