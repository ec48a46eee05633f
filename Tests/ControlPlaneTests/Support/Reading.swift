import Base
import TestSupport
import Testing

@testable import ControlPlane

/// Reading parameters in SSM's way.
extension Ask {
    static func reading(
        _ operation: String,
        _ body: JSON,
        as proof: Ask.Proof = .nothing,
        path: String = "/"
    ) -> Ask {
        var ask = Ask("POST", path, as: proof, body)
        ask.headers = ["X-Amz-Target: AmazonSSM.\(operation)"]
        return ask
    }
}

extension Plane {
    func read(_ name: String, as proof: Ask.Proof? = nil) throws -> Answer {
        try ask(.reading("GetParameter", ["Name": .string(name)], as: proof ?? admin.bearer))
    }

    /// A parameter's value, as a library parses it.
    func value(of name: String, as proof: Ask.Proof? = nil) throws -> JSON {
        try read(name, as: proof).parameterValue
    }

    func bind(_ name: String, _ target: String = "checkout", _ dialect: String = "chaos_lambda") throws {
        let body: JSON = ["target": .string(target), "dialect": .string(dialect)]
        let answer = try ask("PUT", "/v1/bindings/\(Sample.encoded(name))", body)
        #expect(answer.status == 200, "\(answer.text)")
    }
}

extension Answer {
    var parameterValue: JSON {
        get throws {
            let value = try #require(json?["Parameter"]?["Value"]?.text, "\(text)")
            return try JSON(parsing: Array(value.utf8))
        }
    }
}
