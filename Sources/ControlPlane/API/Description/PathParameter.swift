import Experiments

/// What stands in the braces of paths: the same name means the same everywhere.
enum PathParameter {
    static let all: [String: Schema] = [
        "templateId": .templateID,
        "experimentId": .experimentID,
        "accountId": .text(12...48, #"^[^\s\u0000]+$"#),
        "actionId": .text(.catalogueID),
        "resourceType": .text(.catalogueID),
        "leverId": .oneOf(["default"]),
        "resourceArn": .text(.arn).about("The ARN of an experiment template or an experiment."),
        "arn": .text(1...2_048, Schema.Pattern.target).about(
            "An ARN, or the bare name of one of the account's own functions."
        ),
        "target": .text(1...2_048, Schema.Pattern.target)
            .about(
                "The ARN of the target, or the bare name of one of the account's own functions."
            ),
        "keyId": .keyID,
        "name": .text(1...1_011, "^[A-Za-z0-9_./-]+$").about(
            "The name of a parameter, with its slashes encoded."
        ),
        "alarmName": .text(1...255, #"^[^\u0000-\u001F\u007F-\u009F]+$"#).about("The name of an alarm."),
        "token": Schema.text.about("An agent's key, as KEY_ID.SECRET."),
    ]
}
