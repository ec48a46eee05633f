import Base
import FaultClient
import Glibc
import WebClient

/// A file of JSON lines, each written at once, for whoever checks afterwards what an injector was told and did.
final class RecordFile: Sendable {
    private let file: FileDescriptor

    init(_ path: String) throws(SystemError) {
        file = try FileDescriptor.open(path, O_WRONLY | O_CREAT | O_APPEND, mode: 0o644)
    }

    func write(_ kind: String, _ members: [JSON.Member], at reading: ClockReading) throws(SystemError) {
        let line = JSON.object(
            [.init("kind", .string(kind))] + members + [
                .init("boot", .integer(reading.boot.nanoseconds)),
                .init("wall", .integer(reading.wall.nanoseconds)),
            ]
        )
        try file.writeAll(line.encoded + [UInt8(ascii: "\n")])
    }

    func write(_ heard: HeardAnswer, _ poll: Int64, at reading: ClockReading) throws(SystemError) {
        let answer = heard.answer
        try write(
            "answered",
            [
                .init("poll", .integer(poll)), .init("status", .integer(Int64(answer.status))),
                .init("headers", Self.headers(answer.headers)), .init("body", heard.json ?? .null),
                .init("raw", .string(String(decoding: answer.body, as: UTF8.self))),
            ],
            at: reading
        )
    }

    func write(unanswered poll: Int64, _ reason: String, at reading: ClockReading) throws(SystemError) {
        try write(
            "unanswered",
            [.init("poll", .integer(poll)), .init("reason", .string(reason))],
            at: reading
        )
    }

    /// By their names in small letters; those of one name are one, as HTTP has it.
    private static func headers(_ headers: [WebHeader]) -> JSON {
        var members: [JSON.Member] = []
        for header in headers {
            let name = header.name.lowercased()
            if let index = members.firstIndex(where: { $0.name == name }) {
                members[index].value = .string("\(members[index].value.text ?? ""), \(header.value)")
            } else {
                members.append(.init(name, .string(header.value)))
            }
        }
        return .object(members)
    }
}
