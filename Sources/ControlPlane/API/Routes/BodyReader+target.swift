import Base
import Experiments

extension BodyReader {
    static let knownType = "a type that ListTargetResourceTypes names is accepted"
    private static let texts = "an object of texts is accepted"

    /// What is registered as a target, held to what its type's ARNs look like; nil where that cannot be told.
    mutating func targetContent(_ arn: ARN?) -> Targets.Content? {
        if arn == nil {
            refuse("arn is none: an ARN of at most 2048 characters or the name of a function is accepted")
        }
        let type = required("resourceType", accepted: Self.knownType) { Catalogue.standard.resourceType($0) }
        if let type, let arn, !type.fits(arn) {
            refuse("arn is \"\(EchoedText(arn.description))\": an ARN of the type \(type.id) is accepted")
        }
        let tags = resourceTags()
        let attributes = member("attributes") ?? [:]
        if attributes.members == nil {
            refuse("attributes is \(attributes.kind): an object is accepted")
        }
        if let shape = attributes[EventShape.attribute],
            shape.text.flatMap({ EventShape(rawValue: $0) }) == nil
        {
            let known = EventShape.allCases.map(\.rawValue).joined(separator: ", ")
            refuse(
                "attributes.\(EventShape.attribute) is \(shape.text.map { "\"\(EchoedText($0))\"" } ?? shape.kind): "
                    + "one of \(known) is accepted"
            )
        }
        return type.map { Targets.Content(resourceType: $0.id, tags: tags, attributes: attributes) }
    }

    /// A resource's tags, those that AWS gave it among them.
    private mutating func resourceTags() -> JSON {
        let tags = member("tags") ?? [:]
        guard let members = tags.members else {
            refuse("tags is \(tags.kind): \(Self.texts)")
            return [:]
        }
        if members.count > 50 {
            refuse("tags has \(members.count) entries: at most 50 are accepted")
            return [:]
        }
        for tag in members {
            let place = "tags.\(EchoedText(tag.name))"
            if !Self.isText(tag.name, length: 1...128) {
                refuse("\(place) is no tag's key: a text of 1 to 128 characters is accepted")
            }
            guard let value = tag.value.text else {
                refuse("\(place) is \(tag.value.kind): a text of at most 256 characters is accepted")
                continue
            }
            if !Self.isText(value, length: 0...256) {
                refuse("\(place) is \"\(EchoedText(value))\": a text of at most 256 characters is accepted")
            }
        }
        return tags
    }

    /// PostgreSQL looks into tags, and has no NUL.
    private static func isText(_ text: String, length: ClosedRange<Int>) -> Bool {
        length.contains(text.unicodeScalars.count) && !text.hasNUL
    }
}
