import Base
import Experiments
import Store

/// What can be done with the registry of targets.
struct Targets: Sendable {
    let database: DatabaseDoor
    let parameters: Parameters
    let clock: Clock

    /// What somebody registers.
    struct Content: Sendable {
        let resourceType: String
        let tags: JSON
        let attributes: JSON
    }

    /// Which targets of a list are wanted.
    struct Filter: Sendable {
        var resourceType: String?
        var tags: [Tag] = []
    }

    func targetPut(
        _ context: OperationContext,
        _ arn: ARN,
        _ content: Content
    ) async throws(APIError) -> RegisteredTarget {
        let now = clock.wall()
        let target = try await database.transaction { transaction throws(StoreError) in
            try transaction.targetPut(
                context,
                arn: arn.description,
                resourceType: content.resourceType,
                tags: content.tags,
                attributes: content.attributes,
                at: now
            )
        }
        // What its events look like is told to those who read its faults.
        if content.attributes[EventShape.attribute] != nil { try await parameters.changed(database) }
        return target
    }

    func targetRead(_ context: OperationContext, _ arn: ARN) async throws(APIError) -> RegisteredTarget {
        try await database.transaction { transaction throws(StoreError) in
            try transaction.targetRead(context, arn: arn.description)
        }
    }

    func targetList(
        _ context: OperationContext,
        _ filter: Filter,
        after arn: String?,
        limit: Int
    ) async throws(APIError) -> [RegisteredTarget] {
        try await database.transaction { transaction throws(StoreError) in
            try transaction.targetList(
                context,
                resourceType: filter.resourceType,
                tags: filter.tags.map { ($0.key, $0.value) },
                after: arn,
                limit: limit
            )
        }
    }

    func targetDelete(_ context: OperationContext, _ arn: ARN) async throws(APIError) -> RegisteredTarget {
        let now = clock.wall()
        return try await database.transaction { transaction throws(StoreError) in
            try transaction.targetDelete(context, arn: arn.description, at: now)
        }
    }
}
