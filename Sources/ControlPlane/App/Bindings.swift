import Base
import Experiments
import Store

/// What can be done with the names under which functions read their faults.
struct Bindings: Sendable {
    let database: DatabaseDoor
    let parameters: Parameters
    let quotas: Quotas
    let clock: Clock
    let log: Logger

    /// What somebody binds a name to.
    struct Content: Sendable {
        let target: ARN
        let dialect: Dialect
        let qualifier: String?
    }

    func bindingPut(
        _ context: OperationContext,
        _ name: String,
        _ content: Content
    ) async throws(APIError) -> ParameterBinding {
        let now = clock.wall()
        let binding = try await database.transaction { transaction throws(StoreError) in
            try transaction.bindingPut(
                context,
                name: name,
                target: content.target.description,
                dialect: content.dialect.rawValue,
                qualifier: content.qualifier,
                quota: quotas.bindings,
                at: now
            )
        }
        try await changed()
        return binding
    }

    func bindingRead(_ context: OperationContext, _ name: String) async throws(APIError) -> ParameterBinding {
        try await database.statement { transaction throws(StoreError) in
            try transaction.bindingRead(context, name: name)
        }
    }

    func bindingList(
        _ context: OperationContext,
        after name: String?,
        limit: Int
    ) async throws(APIError) -> [ParameterBinding] {
        try await database.statement { transaction throws(StoreError) in
            try transaction.bindingList(context, after: name, limit: limit)
        }
    }

    func bindingDelete(
        _ context: OperationContext,
        _ name: String
    ) async throws(APIError) -> ParameterBinding {
        let now = clock.wall()
        let binding = try await database.transaction { transaction throws(StoreError) in
            try transaction.bindingDelete(context, name: name, at: now)
        }
        try await changed()
        return binding
    }

    /// This node goes by it at once, the others when the hint reaches them or a second later.
    private func changed() async throws(APIError) {
        try await parameters.changed(database)
        await database.hint(Identities.channel, log: log)
    }
}
