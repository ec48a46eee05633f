package import Base

extension Hypothesis {
    /// As it was given.
    package var json: JSON {
        .present([
            ("title", title.map(JSON.string)),
            ("probes", .array(probes.map(\.json))),
            ("recoveryTimeout", recoveryTimeout.map(JSON.string)),
        ])
    }
}

extension Hypothesis.Probe {
    fileprivate var json: JSON {
        .present(
            [
                ("name", .string(name)), ("source", .string(source)), ("value", .string(value)),
                ("tolerance", tolerance?.json), ("pointer", pointer.map(JSON.string)),
                ("requires", requires.map(JSON.string)),
            ] + persistence.members
        )
    }
}

extension Tolerance {
    fileprivate var json: JSON {
        .present([("min", min.map(JSON.shortest)), ("max", max.map(JSON.shortest))])
    }
}

extension JSON {
    /// A number as people write it: without a point where it is whole.
    fileprivate static func shortest(_ number: Double) -> JSON {
        Int64(exactly: number).map { .integer($0) } ?? .number(number)
    }
}
