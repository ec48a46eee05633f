import Base
import Experiments
import SafetyLever
import Store

/// A halt's proof as one account sees it: other accounts' runs and instances are counted, and not named.
struct HaltJSON {
    let proof: HaltProof
    let account: AccountID
    let region: String
    let now: Timestamp

    private static let namesLimit = 100

    var json: JSON {
        let own = proof.stopped.filter { $0.account == account }
        return [
            "status": .string(proof.status.rawValue), "epoch": .integer(proof.epoch),
            "engagementId": proof.standing.map { .string($0.id) } ?? .null, "reason": .string(proof.reason),
            "engagedAt": proof.standing.map { Timestamp(nanoseconds: $0.engagedAt).json } ?? .null,
            "offBy": proof.offBy?.json ?? .null,
            "durable": [
                "latch": .bool(proof.isOnDisk), "database": .bool(proof.standing != nil && proof.isRecorded),
            ],
            "nodes": [
                "known": .integer(Int64(proof.nodes.known)),
                "confirmed": .integer(Int64(proof.nodes.confirmed)),
                "silent": .array(proof.nodes.silent.map { .string($0) }),
            ],
            "experimentsStopped": Self.names(own.map(\.id), of: account, region),
            "experimentsStoppedOfOtherAccounts": .integer(Int64(proof.stopped.count - own.count)),
            "instances": instances,
        ]
    }

    private var instances: JSON {
        let count = proof.instances
        let own = count.silent.filter { $0.name.account == account }.prefix(Self.namesLimit)
        return [
            "known": .integer(Int64(count.known)), "confirmed": .integer(Int64(count.confirmed)),
            "off": .integer(Int64(count.off)),
            "silent": .array(
                own.map { silent in
                    [
                        "target": .string(silent.name.target), "instance": .string(silent.name.instance),
                        "offBy": (now + silent.left).json,
                    ]
                }
            ),
            "silentCount": .integer(Int64(count.silent.count)),
            "untracked": .integer(Int64(count.untracked)),
            "nodesNotAsked": .integer(Int64(count.nodesNotAsked)),
            "withoutLease": .array(
                count.withoutLease.filter { $0.target.account == account }.prefix(Self.namesLimit)
                    .map { $0.json(at: now) }
            ),
            "withoutLeaseCount": .integer(Int64(count.withoutLeaseCount)),
            "withoutLeaseKnownSince": count.readersKnownFor.map { (now + (.zero - $0)).json } ?? .null,
        ]
    }

    static func names(_ ids: [String], of account: AccountID, _ region: String) -> JSON {
        .array(
            ids.map { .string(ARN(fis: "experiment/\($0)", region: region, account: account).description) }
        )
    }
}
