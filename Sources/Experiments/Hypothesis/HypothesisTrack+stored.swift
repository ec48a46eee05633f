package import Base

extension HypothesisTrack {
    /// As it is kept from one look to the next: moments in nanoseconds.
    package var json: JSON {
        [
            "recoveryTime": .stored(recoveryTime), "beganAt": .stored(beganAt), "endedAt": .stored(endedAt),
            "probes": .array(probes.map(\.json)),
        ]
    }

    package init(stored json: JSON) throws(StoredFormError) {
        let track = try StoredObject(json, path: "track")
        recoveryTime = try track.duration("recoveryTime")
        beganAt = try track.moment("beganAt")
        endedAt = try track.optionalMoment("endedAt")
        probes = try track.list("probes", of: Probe.init(stored:))
    }
}

extension HypothesisTrack.Probe {
    fileprivate var json: JSON {
        [
            "name": .string(name), "deviation": deviation?.json ?? .null,
            "isInside": isInside.map { .bool($0) } ?? .null, "insideSince": .stored(insideSince),
            "readAt": .stored(readAt), "wasRead": .bool(wasRead), "wasLost": .bool(wasLost),
        ]
    }

    fileprivate init(stored probe: StoredObject) throws(StoredFormError) {
        name = try probe.text("name")
        deviation = try probe.optionalObject("deviation").map(Deviation.init(stored:))
        isInside = try probe.optionalTruth("isInside")
        insideSince = try probe.optionalMoment("insideSince")
        readAt = try probe.optionalMoment("readAt")
        wasRead = try probe.optionalTruth("wasRead") ?? false
        wasLost = try probe.optionalTruth("wasLost") ?? false
    }
}

extension Deviation {
    var json: JSON { ["probe": .string(probe), "at": .stored(at), "text": .string(text)] }

    init(stored deviation: StoredObject) throws(StoredFormError) {
        probe = try deviation.text("probe")
        at = try deviation.moment("at")
        text = try deviation.text("text")
    }
}
