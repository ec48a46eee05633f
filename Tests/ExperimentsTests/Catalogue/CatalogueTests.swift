import Experiments
import Testing

@Suite struct CatalogueTests {
    static let catalogue = Catalogue.standard
    static let actions = catalogue.actions + catalogue.supersededActions
    static let types = catalogue.resourceTypes + catalogue.supersededResourceTypes

    @Test func `has the 50 actions and 24 types of FIS, the two that were superseded, and four of its own`() {
        let own = Self.catalogue.actions.filter { $0.id.hasPrefix("faultplane:") }
        #expect(Self.catalogue.actions.count == 50 + own.count)
        #expect(
            own.map(\.id)
                == ["corrupt-response", "deny-hosts", "disk-space", "timeout"].map {
                    "faultplane:lambda:invocation-" + $0
                }
        )
        #expect(Self.catalogue.resourceTypes.count == 24)
        #expect(Self.catalogue.supersededActions.map(\.id) == ["aws:elasticache:interrupt-cluster-az-power"])
        #expect(
            Self.catalogue.supersededResourceTypes.map(\.id) == ["aws:elasticache:redis-replicationgroup"]
        )
    }

    @Test func `is in the order of the ids, each of which is there once and found`() {
        #expect(Self.catalogue.actions.map(\.id) == Self.catalogue.actions.map(\.id).sorted())
        #expect(Self.catalogue.resourceTypes.map(\.id) == Self.catalogue.resourceTypes.map(\.id).sorted())
        #expect(Set(Self.actions.map(\.id)).count == 55)
        #expect(Set(Self.types.map(\.id)).count == 25)
        for action in Self.actions { #expect(Self.catalogue.action(action.id) == action) }
        for type in Self.types { #expect(Self.catalogue.resourceType(type.id) == type) }
        #expect(Self.catalogue.action("aws:lambda:put-function-concurrent-executions") == nil)
        #expect(Self.catalogue.resourceType("aws:lambda:layer") == nil)
    }

    @Test(arguments: actions.map(\.id)) func `an action is well formed`(_ id: String) throws {
        let action = try #require(Self.catalogue.action(id))
        #expect(id.split(separator: ":").count == 3)
        #expect(id.hasPrefix("aws:") || id.hasPrefix("faultplane:lambda:"))
        #expect(isSentence(action.description))
        if let slot = action.slot {
            let type = try #require(Self.catalogue.resourceType(slot.resourceType))
            #expect(slot.name.first?.isUppercase == true)
            #expect(action.selectors?.isSubset(of: type.selectors) ?? true)
            #expect(action.selectors?.isEmpty != true)
        } else {
            #expect(action.selectors == nil && action.maxTargets == nil)
        }
        check(action.parameters)
        for parameter in action.parameters { #expect(action.parameter(parameter.name) == parameter) }
        #expect(action.parameters.contains(where: \.isExtension) == (action.execution == .polledFault))
    }

    @Test(arguments: types.map(\.id)) func `a type is well formed and has an action`(_ id: String) throws {
        let type = try #require(Self.catalogue.resourceType(id))
        #expect(id.split(separator: ":").count == 3 && id.hasPrefix("aws:"))
        #expect(isSentence(type.description))
        #expect(!type.selectors.isEmpty)
        #expect(Self.actions.contains { $0.slot?.resourceType == id })
        check(type.parameters)
        for parameter in type.parameters { #expect(type.parameter(parameter.name) == parameter) }
    }

    private func check(_ parameters: [CatalogueParameter]) {
        #expect(Set(parameters.map(\.name)).count == parameters.count)
        for parameter in parameters {
            #expect(isSentence(parameter.description), "\(parameter.name)")
            #expect((1...64).contains(parameter.name.count) && !parameter.name.contains(" "))
            #expect(!parameter.kind.accepted.isEmpty)
            #expect(!parameter.kind.accepts(""), "\(parameter.name)")
            if let value = parameter.defaultValue {
                #expect(!parameter.isRequired && parameter.kind.accepts(value), "\(parameter.name)")
            }
            if parameter.isExtension { #expect(!parameter.isRequired) }
        }
    }

    private func isSentence(_ text: String) -> Bool {
        text.hasSuffix(".") && text.first?.isUppercase == true && text.count <= 512
    }

    @Test func `says which actions we perform`() {
        let performed = Self.actions.filter { $0.execution != .unsupported }
        #expect(
            performed.map { "\($0.id) \($0.execution)" } == [
                "aws:cloudwatch:assert-alarm-state assertion",
                "aws:fis:wait wait",
                "aws:lambda:invocation-add-delay polledFault",
                "aws:lambda:invocation-error polledFault",
                "aws:lambda:invocation-http-integration-response polledFault",
                "faultplane:lambda:invocation-corrupt-response polledFault",
                "faultplane:lambda:invocation-deny-hosts polledFault",
                "faultplane:lambda:invocation-disk-space polledFault",
                "faultplane:lambda:invocation-timeout polledFault",
            ]
        )
    }
}
