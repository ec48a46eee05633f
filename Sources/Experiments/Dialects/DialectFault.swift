package import Base

/// What a fault asks for, apart from where and when: the kind of action, and its parameters.
package struct FaultContent: Equatable, Sendable {
    package let actionID: String
    private let parameters: [String: String]

    package init(_ action: TemplateAction) {
        actionID = action.actionID
        parameters = Dictionary(action.parameters.map { ($0.name, $0.value) }) { first, _ in first }
    }

    init(actionID: String, parameters: [String: String]) {
        self.actionID = actionID
        self.parameters = parameters
    }

    /// What is given, or else what the catalogue says holds then.
    func text(_ name: String) -> String? {
        parameters[name] ?? Catalogue.standard.action(actionID)?.parameter(name)?.defaultValue
    }

    func truth(_ name: String) -> Bool? { text(name).flatMap(ParameterKind.truth) }

    /// A number that validation has let through; 0 where it has not, which harms nobody.
    func whole(_ name: String) -> Int64 { text(name).flatMap { Int64($0) } ?? 0 }

    /// Of a hundred invocations, how many get it.
    var percentage: Int64 { whole("invocationPercentage") }
}

/// One fault of a document, as the readers of a parameter are told of it.
package struct DialectFault: Equatable, Sendable {
    package let id: String
    package let content: FaultContent
    package let notBefore: Timestamp
    package let notAfter: Timestamp

    /// Reads what was published; nil for what is no fault.
    package init?(_ json: JSON) {
        guard let id = json["id"]?.text, let actionID = json["actionId"]?.text,
            let from = json["notBefore"]?.double, let to = json["notAfter"]?.double
        else { return nil }
        var parameters: [String: String] = [:]
        for member in json["parameters"]?.members ?? [] { parameters[member.name] = member.value.text }
        self.init(
            id: id,
            content: FaultContent(actionID: actionID, parameters: parameters),
            notBefore: Timestamp(seconds: from),
            notAfter: Timestamp(seconds: to)
        )
    }

    init(id: String, content: FaultContent, notBefore: Timestamp, notAfter: Timestamp) {
        self.id = id
        self.content = content
        self.notBefore = notBefore
        self.notAfter = notAfter
    }

    func isOn(at moment: Timestamp) -> Bool { notBefore <= moment && moment < notAfter }

    /// Which of two came first; of two that began together, whichever is named first.
    static func isEarlier(_ left: DialectFault, _ right: DialectFault) -> Bool {
        (left.notBefore, left.id) < (right.notBefore, right.id)
    }
}
