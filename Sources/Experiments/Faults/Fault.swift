package import Base

/// One fault of one target, as injectors are told of it.
package struct Fault: Equatable, Sendable {
    package let experimentID: String
    package let action: String
    package let actionID: String
    /// The action's, less those that are for the run and not for injectors: the times below say exactly how long it is on.
    package let parameters: [TemplateAction.Parameter]
    /// What choices are made from, so that two faults are independent and a run can be repeated.
    package let salt: String
    package let notBefore: Timestamp
    package let notAfter: Timestamp
    /// Which invocations of a function it concerns; nil means all.
    ///
    /// It decides in whose document the fault is, and is not told in it.
    package let qualifier: String?

    /// Nil where it would inject nothing: no fault at all is what 0 percent must be equal to.
    package init?(
        experimentID: String,
        action: TemplateAction,
        target arn: String,
        notBefore: Timestamp,
        notAfter: Timestamp,
        qualifier: String? = nil
    ) {
        if Self.isNothing(action.parameter("invocationPercentage")) { return nil }
        self.experimentID = experimentID
        self.action = action.name
        actionID = action.actionID
        parameters = action.parameters.filter { !Self.parametersOfRun.contains($0.name) }
        salt = Self.salt(experimentID: experimentID, action: action.name, target: arn)
        self.notBefore = notBefore
        self.notAfter = notAfter
        self.qualifier = qualifier
    }

    private static let parametersOfRun = ["duration", "armAtLeastPercent", "armTimeout", "ifUnheld"]

    /// Names it among all faults.
    package var id: String { "\(experimentID)/\(action)" }

    /// Whether it is on at that moment: from `notBefore`, up to but without `notAfter`.
    package func isOn(at moment: Timestamp) -> Bool { notBefore <= moment && moment < notAfter }

    package var json: JSON {
        [
            "id": .string(id),
            "experimentId": .string(experimentID),
            "actionId": .string(actionID),
            "parameters": .object(parameters.map { JSON.Member($0.name, .string($0.value)) }),
            "salt": .string(salt),
            "notBefore": .number(Self.seconds(notBefore)),
            "notAfter": .number(Self.seconds(notAfter)),
        ]
    }

    private static func isNothing(_ percentage: String?) -> Bool {
        percentage.flatMap(Double.init).map { $0 <= 0 } ?? false
    }

    /// The same for the same run, action and target, and different for any other: half a SHA-256, in hexadecimal.
    private static func salt(experimentID: String, action: String, target: String) -> String {
        let parts = [experimentID, action, target].map { Array($0.utf8) }
        return Hex.encode(Array(Hash.sha256(UnambiguousBytes.joined(parts)).prefix(16)))
    }

    /// Put together from both parts, since a double of all the nanoseconds is off in the last digits it shows.
    private static func seconds(_ moment: Timestamp) -> Double {
        let (whole, part) = moment.nanoseconds.quotientAndRemainder(dividingBy: 1_000_000_000)
        return Double(whole) + Double(part) / 1e9
    }
}
