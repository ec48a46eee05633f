import Base

/// Everything that an injector was told of its target.
package struct TargetDocument: Equatable, Sendable {
    package let target: String
    package let version: Int64
    package let faults: [TargetFault]
}

/// One fault, as it was told.
package struct TargetFault: Equatable, Sendable {
    /// Names it among all faults of all time.
    package let id: String
    package let experimentID: String
    package let actionID: String
    package let parameters: [String: String]
    /// What choices are made from.
    package let salt: String
    /// By the server's clock, in seconds since 1970.
    package let notBefore: Double
    package let notAfter: Double
}

extension TargetDocument {
    init(_ json: JSON) throws(AnswerProblem) {
        guard let target = json["target"]?.text, let version = json["version"]?.whole, version >= 0,
            let epoch = json["epoch"]?.whole, let faults = json["faults"]?.elements
        else { throw AnswerProblem("it has no target, version, epoch or faults") }
        guard version >> 32 == epoch else {
            throw AnswerProblem("its version is of another epoch than it says")
        }
        self.target = target
        self.version = version
        var read: [TargetFault] = []
        for fault in faults { read.append(try TargetFault(fault)) }
        guard Set(read.map(\.id)).count == read.count else { throw AnswerProblem("it has a fault twice") }
        self.faults = read
    }
}

extension TargetFault {
    init(_ json: JSON) throws(AnswerProblem) {
        guard let id = json["id"]?.text, let experiment = json["experimentId"]?.text,
            let action = json["actionId"]?.text, let salt = json["salt"]?.text,
            let members = json["parameters"]?.members, let notBefore = json["notBefore"]?.double,
            let notAfter = json["notAfter"]?.double
        else { throw AnswerProblem("one of its faults is not whole") }
        var parameters: [String: String] = [:]
        for member in members {
            guard let value = member.value.text else {
                throw AnswerProblem("a parameter of fault \(id) is no text")
            }
            parameters[member.name] = value
        }
        self.id = id
        experimentID = experiment
        actionID = action
        self.parameters = parameters
        self.salt = salt
        self.notBefore = notBefore
        self.notAfter = notAfter
    }
}
