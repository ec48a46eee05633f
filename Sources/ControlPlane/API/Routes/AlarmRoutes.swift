import Base
import Experiments
import HTTPServer
import Store

/// `/v1/alarms` and `/v1/alertmanager`: alarms whose state others tell us, for stop conditions to look at.
struct AlarmRoutes: Sendable {
    let alarms: Alarms

    /// As many alerts as Alertmanager puts into one message where nobody limits it.
    private static let messageLimit = 4 << 20

    var all: [Route] {
        [
            Route(.get, "/v1/alarms", "ListAlarms", .holder(of: .read), .task(alarmList)),
            Route(.get, "/v1/alarms/{alarmName}", "GetAlarm", .holder(of: .read), .task(alarmRead)),
            Route(.put, "/v1/alarms/{alarmName}", "PutAlarm", .holder(of: .edit), .task(alarmPut)),
            Route(.delete, "/v1/alarms/{alarmName}", "DeleteAlarm", .holder(of: .edit), .task(alarmDelete)),
            Route(
                .post,
                "/v1/alertmanager",
                "ReceiveAlerts",
                .holder(of: .edit),
                bodyLimit: Self.messageLimit,
                .task(alertmanagerHear)
            ),
        ]
    }

    private func alarmPut(_ call: Call) async throws(APIError) -> Reply {
        let context = try call.context()
        let name = call.request.capture(0) ?? ""
        var body = try BodyReader(call)
        if !AlarmQuestion.isName(name) {
            body.refuse("alarmName is \"\(EchoedText(name))\": \(AlarmQuestion.acceptedName)")
        }
        let states = AlarmState.allCases.map(\.rawValue).joined(separator: ", ")
        let state = body.required("state", accepted: "one of \(states) is accepted") {
            AlarmState(rawValue: $0)
        }
        let reason = body.optional("reason", accepted: "a text of at most 512 characters is accepted") {
            $0.unicodeScalars.count <= 512 && !$0.hasNUL ? $0 : nil
        }
        let maxAge = body.optional(
            "maxAge",
            accepted: "a length of time in whole seconds from PT1S to P7D, such as PT5M, is accepted"
        ) { ISODuration($0).flatMap { Self.isAge($0.value) ? $0.value : nil } }
        let feeds = Alarm.Feed.allCases.map(\.rawValue).joined(separator: " or ")
        let feed = body.optional("fedBy", accepted: "\(feeds) is accepted") { Alarm.Feed(rawValue: $0) }
        try body.finish()
        guard let state else { throw .validation("The request is incomplete.") }
        let news = AlarmNews(
            state: state.rawValue,
            reason: reason,
            feed: feed ?? .api,
            maxAge: maxAge ?? Alarm.ordinaryMaxAge
        )
        return Self.reply(try await alarms.alarmPut(context, name, news))
    }

    private func alarmRead(_ call: Call) async throws(APIError) -> Reply {
        Self.reply(try await alarms.alarmRead(try call.context(), try Self.name(call)))
    }

    private func alarmDelete(_ call: Call) async throws(APIError) -> Reply {
        Self.reply(try await alarms.alarmDelete(try call.context(), try Self.name(call)))
    }

    private func alarmList(_ call: Call) async throws(APIError) -> Reply {
        let page = try Page(call, of: "ListAlarms")
        let found = try await alarms.alarmList(
            try call.context(),
            after: try page.after { $0 },
            limit: page.fetched
        )
        return page.reply("alarms", found, cursor: \.name, Self.json)
    }

    private func alertmanagerHear(_ call: Call) async throws(APIError) -> Reply {
        let context = try call.context()
        let message = try AlertmanagerMessage(try BodyReader(call).json)
        let changed = try await alarms.alertmanagerHeard(context, message)
        return Reply([
            "changed": .array(changed.map(Self.json)), "ignored": .integer(Int64(message.ignored)),
        ])
    }
}

extension AlarmRoutes {
    private static func isAge(_ age: Duration) -> Bool {
        AlarmQuestion.ages.contains(age) && age.components.attoseconds == 0
    }

    /// What no alarm can be called is the name of none.
    private static func name(_ call: Call) throws(APIError) -> String {
        if let name = call.request.capture(0), AlarmQuestion.isName(name) { return name }
        let sent = EchoedText(call.request.captureBytes(0) ?? [])
        throw .notFound("There is no alarm \(sent) in this account.")
    }

    private static func reply(_ alarm: Alarm) -> Reply { Reply(["alarm": json(alarm)]) }

    private static func json(_ alarm: Alarm) -> JSON {
        [
            "name": .string(alarm.name), "state": .string(alarm.state),
            "reason": alarm.reason.map { .string($0) } ?? .null, "fedBy": .string(alarm.feed.rawValue),
            "maxAge": .string(ISODuration(wholeSecondsOf: alarm.maxAge).description),
            "firing": .integer(Int64(alarm.firing.count)), "changedAt": alarm.changedAt.json,
            "updatedAt": alarm.updatedAt.json, "staleAt": (alarm.newsAt + alarm.maxAge).json,
        ]
    }
}
