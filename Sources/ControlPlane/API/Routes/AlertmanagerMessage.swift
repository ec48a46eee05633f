import Base
import Experiments
import Store

/// What Alertmanager's webhook sends, version 4 of its form, as far as it is about alarms.
///
/// The peer is not ours: members that are not known here are passed over, and so is an alert that names no alarm.
struct AlertmanagerMessage {
    let alerts: [AlertNews]
    /// How many alerts name no alarm.
    let ignored: Int
    /// Whether there were more alerts than Alertmanager was let send: nobody knows what of.
    let isTruncated: Bool

    /// The label that names an alarm, where it is not the alert's own name.
    private static let ownLabel = "faultplane_alarm"

    init(_ json: JSON) throws(APIError) {
        if json["version"] != "4" {
            let given = Self.given(json["version"])
            throw .validation("version is \(given): \"4\", of Alertmanager's webhook messages, is accepted.")
        }
        guard let elements = json["alerts"]?.elements else {
            throw .validation("alerts is \(Self.given(json["alerts"])): a list of alerts is accepted.")
        }
        var (alerts, problems): ([AlertNews], [String]) = ([], [])
        var ignored = 0
        for (index, element) in elements.enumerated() {
            do throws(APIError) {
                if let alert = try Self.alert(element, at: "alerts[\(index)]") {
                    alerts.append(alert)
                } else {
                    ignored += 1
                }
            } catch {
                problems.append(error.message)
            }
        }
        if !problems.isEmpty { throw APIError(.validation, problems: Array(problems.prefix(20))) }
        self.alerts = alerts
        self.ignored = ignored
        // Whatever stands there that is not none may be some.
        isTruncated = ![nil, .null, 0].contains(json["truncatedAlerts"])
    }

    private static func alert(_ json: JSON, at place: String) throws(APIError) -> AlertNews? {
        guard let status = json["status"]?.text, ["firing", "resolved"].contains(status) else {
            throw .validation("\(place).status is \(given(json["status"])): firing or resolved is accepted")
        }
        guard let print = json["fingerprint"]?.text, (1...64).contains(print.utf8.count),
            print.utf8.allSatisfy(\.isAlphanumeric)
        else {
            let given = given(json["fingerprint"])
            throw .validation("\(place).fingerprint is \(given): 1 to 64 letters and digits are accepted")
        }
        guard let labels = json["labels"]?.members else {
            throw .validation("\(place).labels is \(given(json["labels"])): an object is accepted")
        }
        let name = [ownLabel, "alertname"].lazy.compactMap { label in
            labels.first { $0.name == label }?.value.text
        }.first
        guard let name, AlarmQuestion.isName(name) else { return nil }
        let annotations = ["summary", "description"].lazy.compactMap { json["annotations"]?[$0]?.text }
        let reason = annotations.first.map {
            String(String.UnicodeScalarView($0.unicodeScalars.lazy.filter { $0 != "\0" }.prefix(512)))
        }
        return AlertNews(alarm: name, fingerprint: print, isFiring: status == "firing", reason: reason)
    }

    private static func given(_ json: JSON?) -> String {
        json.map { $0.text.map { "\"\(EchoedText($0))\"" } ?? $0.kind } ?? "missing"
    }
}
