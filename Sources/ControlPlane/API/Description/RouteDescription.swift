import HTTPServer

/// What programs and people are told of one route, beside what the route itself says.
struct RouteDescription: Sendable {
    /// What is asked for in the query or in a header; what is in the path is in `PathParameter`.
    struct Parameter: Sendable {
        enum Place: String { case query, header }

        var place = Place.query
        let name: String
        let schema: Schema
        var isRequired = false
        let text: String

        init(
            _ name: String,
            _ schema: Schema,
            in place: Place = .query,
            isRequired: Bool = false,
            _ text: String
        ) {
            self.place = place
            self.name = name
            self.schema = schema
            self.isRequired = isRequired
            self.text = text
        }
    }

    /// The JSON of a request.
    struct Body: Sendable {
        let schema: Schema
        var isRequired = true
    }

    /// One answer that is no error.
    struct Answer: Sendable {
        /// By content type; none where there is no body.
        let contents: [(type: String, schema: Schema)]
        var status = Status.ok
        var text = "Done."
        var headers: [String] = []

        static func json(_ schema: Schema) -> Answer { Answer(contents: [("application/json", schema)]) }
    }

    /// The route's name.
    let name: String
    let tag: Tag
    let summary: String
    var parameters: [Parameter] = []
    var body: Body?
    let answers: [Answer]
    /// What it may be refused with, beyond what any route of its kind may be.
    var errors: [ErrorCode] = []
    /// Where false, no trouble of the database shows in its answers.
    var needsDatabase = true

    init(
        _ name: String,
        _ tag: Tag,
        _ summary: String,
        _ parameters: [Parameter] = [],
        body: Body? = nil,
        answers: [Answer],
        errors: [ErrorCode] = [],
        needsDatabase: Bool = true
    ) {
        self.name = name
        self.tag = tag
        self.summary = summary
        self.parameters = parameters
        self.body = body
        self.answers = answers
        self.errors = errors
        self.needsDatabase = needsDatabase
    }

    init(
        _ name: String,
        _ tag: Tag,
        _ summary: String,
        _ parameters: [Parameter] = [],
        body: Schema? = nil,
        answer: Schema,
        errors: [ErrorCode] = [],
        needsDatabase: Bool = true
    ) {
        self.init(
            name,
            tag,
            summary,
            parameters,
            body: body.map { Body(schema: $0) },
            answers: [.json(answer)],
            errors: errors,
            needsDatabase: needsDatabase
        )
    }
}

extension RouteDescription {
    /// What a route is about; the reader of the document finds its operations by these.
    enum Tag: String, CaseIterable, Sendable {
        case templates = "Experiment templates"
        case accountConfigurations = "Target account configurations"
        case experiments = "Experiments"
        case safety = "Safety lever"
        case catalogue = "Catalogue"
        case tags = "Tags"
        case targets = "Targets"
        case faults = "Faults"
        case parameters = "Parameters"
        case alarms = "Alarms"
        case telemetry = "Telemetry"
        case identity = "Keys and accounts"
        case operations = "Operations"
    }

    /// Every description there is; `APIDescriptionTests` hold them to the route table.
    static let all =
        templates + hypothesis + accountConfigurations + experiments + events + safety + catalogue + tags
        + targets + faults + parameters + alarms + telemetry + conditions
        + identity + operations
}
