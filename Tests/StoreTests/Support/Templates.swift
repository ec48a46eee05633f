import Base
import Store

extension Given {
    /// A template's id.
    static func template(_ number: Int) -> String {
        let digits = String(number)
        return "EXT" + String(repeating: "0", count: 14 - digits.count) + digits
    }
}

/// What tests of templates do with a database, each a transaction of its own.
extension Database {
    func create(
        _ number: Int,
        token: String? = nil,
        digest: UInt8 = 1,
        content: JSON = [:],
        in account: AccountID = Given.first,
        quota: Int = 500,
        at time: Timestamp = Given.now
    ) async throws(StoreError) -> StoredTemplate {
        try await transaction { transaction throws(StoreError) in
            try transaction.templateCreate(
                Given.context(account),
                id: Given.template(number),
                clientToken: token ?? "token-\(number)",
                requestDigest: [UInt8](repeating: digest, count: 32),
                content: content,
                quota: quota,
                at: time
            )
        }
    }

    func read(_ number: Int, in account: AccountID = Given.first) async throws(StoreError) -> StoredTemplate {
        try await transaction { transaction throws(StoreError) in
            try transaction.templateRead(Given.context(account), id: Given.template(number))
        }
    }

    func list(
        in account: AccountID = Given.first,
        after place: ListPlace? = nil,
        limit: Int = 100
    ) async throws(StoreError) -> [StoredTemplate] {
        try await transaction { transaction throws(StoreError) in
            try transaction.templateList(Given.context(account), after: place, limit: limit)
        }
    }

    func update(
        _ number: Int,
        content: JSON,
        expecting revision: Int64,
        in account: AccountID = Given.first
    ) async throws(StoreError) -> StoredTemplate? {
        try await transaction { transaction throws(StoreError) in
            try transaction.templateUpdate(
                Given.context(account),
                id: Given.template(number),
                content: content,
                expecting: revision,
                at: Given.now + .seconds(60)
            )
        }
    }

    @discardableResult
    func delete(_ number: Int, in account: AccountID = Given.first) async throws(StoreError) -> StoredTemplate
    {
        try await transaction { transaction throws(StoreError) in
            try transaction.templateDelete(
                Given.context(account),
                id: Given.template(number),
                at: Given.now + .seconds(60)
            )
        }
    }

    func configure(
        _ number: Int,
        _ accountID: String,
        token: String? = nil,
        digest: UInt8 = 1,
        description: String? = nil,
        in account: AccountID = Given.first,
        quota: Int = 10
    ) async throws(StoreError) -> AccountConfiguration {
        try await transaction { transaction throws(StoreError) in
            try transaction.accountConfigurationCreate(
                Given.context(account),
                template: Given.template(number),
                accountID: accountID,
                roleARN: Given.role,
                description: description,
                clientToken: token,
                requestDigest: [UInt8](repeating: digest, count: 32),
                quota: quota,
                at: Given.now
            )
        }
    }

    /// What the trail says of templates, newest first.
    func audit(in account: AccountID = Given.first) async throws(StoreError) -> [String] {
        try await transaction { transaction throws(StoreError) in
            try transaction.auditList(Given.context(account), limit: 100)
        }
        .filter { $0.action.hasPrefix("template.") || $0.action.hasPrefix("account-configuration.") }
        .map { "\($0.action) \($0.subject) \(String(decoding: $0.details.encoded, as: UTF8.self))" }
    }
}

extension Given {
    static let role = "arn:aws:iam::123456789012:role/fis"
}
