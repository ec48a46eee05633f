import Experiments
import Store

/// Alarms that others tell.
extension SchemaComponent {
    static let alarms: [SchemaComponent] = [
        .init(
            "Alarm",
            .object(
                .required("name", .text(1...255)),
                .required("state", .choice(AlarmState.self)),
                .required("reason", Schema.text(0...512).orNull),
                .required("fedBy", .choice(Alarm.Feed.self)),
                .required("maxAge", .text),
                .required(
                    "firing",
                    Schema.whole.about("How many of Alertmanager's alerts of its name fire.")
                ),
                .required("changedAt", Schema.time.about("Since when it is in its state.")),
                .required("updatedAt", .time),
                .required("staleAt", Schema.time.about("From when on its state says nothing any more."))
            )
        )
    ]
}
