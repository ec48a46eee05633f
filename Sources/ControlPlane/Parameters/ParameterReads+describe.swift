import Base
import Experiments
import Store

extension ParameterReads {
    /// The parameters that a caller may read, as DescribeParameters lists them: those that are bound, and those of the functions' own
    /// that have been read lately.
    func described(_ listing: ParameterListing, for caller: Caller) -> JSON {
        let page = listing.page(of: names(for: caller.principal))
        let shown: [JSON] = page.names.map { name in
            [
                "Name": .string(name), "ARN": .string(arn(name, of: caller.principal.account)),
                "Type": "String", "Tier": "Standard", "DataType": "text", "Policies": [],
            ]
        }
        var members: [JSON.Member] = [.init("Parameters", .array(shown))]
        if let next = page.next { members.append(.init("NextToken", .string(next))) }
        return .object(members)
    }

    private func names(for principal: Principal) -> [String] {
        let bound = parameters.table.bindings(of: principal.account).filter {
            principal.mayPoll($0.target)
        }
        let read = delivery.book.rooms.filter {
            $0.key.account == principal.account && principal.mayPoll($0.key)
        }
        return bound.map(\.name)
            + read.flatMap { room in
                room.withState { $0.readers.keys.filter { ParameterName($0) != nil } }
            }
    }
}
