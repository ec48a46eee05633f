package import Base

/// Everything an injector is told of its target, as bytes that depend on the content alone.
package struct FaultDocument: Equatable, Sendable {
    package let target: String
    package let version: FaultVersion
    /// Sorted by id, so that it does not matter which was published first.
    package let faults: [Fault]

    package init(target: String, version: FaultVersion, faults: [Fault]) {
        self.target = target
        self.version = version
        self.faults = faults.sorted { $0.id.utf8.lexicographicallyPrecedes($1.id.utf8) }
    }

    package var json: JSON {
        [
            "target": .string(target),
            "version": .integer(version.number),
            "epoch": .integer(version.epoch),
            "faults": .array(faults.map(\.json)),
        ]
    }
}
