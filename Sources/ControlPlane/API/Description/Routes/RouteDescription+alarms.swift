import Experiments
import Store

/// `/v1/alarms` and `/v1/alertmanager`.
extension RouteDescription {
    static let alarms: [RouteDescription] = [
        .init(
            "ListAlarms",
            .alarms,
            "The account's alarms, as others told them.",
            .page,
            answer: .page("alarms", of: .named("Alarm"))
        ),
        .init("GetAlarm", .alarms, "How an alarm stands.", answer: alarm, errors: [.notFound]),
        .init(
            "PutAlarm",
            .alarms,
            "Say how an alarm stands, again and again: what nobody repeats says nothing any more once it is too old.",
            body: .exact(
                .required("state", .choice(AlarmState.self)),
                .optional("reason", .text(0...512, #"^[^\u0000]*$"#)),
                .optional(
                    "maxAge",
                    Schema.pattern("^P").about("How old its last news may be; PT5M where not given.")
                ),
                .optional(
                    "fedBy",
                    Schema.choice(Alarm.Feed.self).about(
                        "Where this is alertmanager, any message of an Alertmanager is news of the alarm."
                    )
                )
            ),
            answer: alarm,
            errors: [.quotaExceeded]
        ),
        .init(
            "DeleteAlarm",
            .alarms,
            "Take an alarm away; whoever watches it cannot read it any more.",
            answer: alarm,
            errors: [.notFound]
        ),
        .init(
            "ReceiveAlerts",
            .alarms,
            "Take a message of Alertmanager's webhook: an alarm fires while any alert of its name does.",
            body: .object(
                .required("version", .oneOf(["4"])),
                .required(
                    "alerts",
                    .list(
                        of: .object(
                            .required("status", .oneOf(["firing", "resolved"])),
                            .required(
                                "labels",
                                Schema(type: "object").about(
                                    "The alarm is named by faultplane_alarm, or else by alertname."
                                )
                            ),
                            .required("fingerprint", .pattern("^[0-9A-Za-z]{1,64}$"))
                        )
                    )
                )
            ),
            answer: .object(
                .required("changed", Schema.list(of: .named("Alarm")).about("Whose state is another now.")),
                .required("ignored", Schema.whole.about("How many alerts name no alarm."))
            )
        ),
    ]

    private static let alarm = Schema.envelope("alarm", .named("Alarm"))
}
