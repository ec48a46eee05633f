import Base
import Experiments
import HTTPServer
import Store

/// What readers of parameters are told, from memory: nothing here waits for anybody.
///
/// Their libraries let an error through into the function that they are in. So whoever asks for a name that is ours gets an answer,
/// known or not, and it says that nothing is on where a fault may not be told. A name that is not ours is never made up.
struct ParameterReads: Sendable {
    /// Who reads.
    enum Reader {
        case caller(Caller)
        /// Nobody that we know, and what they are told of it.
        case stranger(String)
    }

    let parameters: Parameters
    let delivery: Delivery
    let time: DeploymentTime
    let region: String
    let strangers = Strangers()
    private let known = KnownNames<Parameter>(capacity: 65_536)

    /// Why a reader of a parameter is told that nothing is on, whatever is.
    private struct Hindrance: Error {
        let dialect: Dialect
        let reason: String
    }

    static let notAllowed =
        "Nothing is told: this credential is not known, or may not read the faults of this function."
    private static let noRoom = "Nothing is told: more targets are read than this node remembers."

    /// The parameter as SSM shows it; nil where there is none of that name.
    ///
    /// Throws only where it cannot be known yet whether there is one.
    func read(_ name: String, by reader: Reader, at now: Instant) throws(APIError) -> [UInt8]? {
        let turn = turn(name, by: reader, at: now)
        if let turn {
            delivery.metrics.count(turn.outcome)
            return turn.body
        }
        guard parameters.isKnown else {
            throw APIError(
                .unavailable,
                "The bindings have not been read yet, because the database has not answered since the server started.",
                retryAfter: 2
            )
        }
        delivery.metrics.count(.unknown)
        return nil
    }

    private func turn(_ name: String, by reader: Reader, at now: Instant) -> ParameterTurn? {
        switch reader {
        case .stranger(let why):
            let off =
                ParameterName(name).map { $0.dialect.off(because: why) }
                ?? parameters.table.off(name, because: why)
            return off.map { refused(name, $0, of: .zero) }
        case .caller(let caller):
            let parameter: Parameter
            do throws(Hindrance) {
                guard let found = try self.parameter(name, for: caller) else { return nil }
                parameter = found
            } catch {
                return refused(name, error.dialect.off(because: error.reason), of: caller.principal.account)
            }
            let wall = time.now
            delivery.sightings.note(parameter.room, at: wall)
            return delivery.book.turn(parameter, at: now, wall)
        }
    }

    /// The parameter with its target's room; nil where there is none of that name.
    private func parameter(_ name: String, for caller: Caller) throws(Hindrance) -> Parameter? {
        let (table, bytes) = (parameters.table, name.utf8.span)
        if let parameter = known.place(bytes, for: caller), parameter.isOf(table) { return parameter }
        let account = caller.principal.account
        guard let place = table.place(name, of: account, region: region) else { return nil }
        guard caller.principal.mayPoll(place.target) else {
            throw Hindrance(dialect: place.dialect, reason: Self.notAllowed)
        }
        let room: TargetRoom
        do throws(APIError) {
            room = try delivery.book.roomPolled(place.target)
        } catch {
            throw Hindrance(dialect: place.dialect, reason: Self.noRoom)
        }
        let parameter = Parameter(name, arn: arn(name, of: account), room, place, table)
        known.remember(parameter, Array(name.utf8), for: caller)
        return parameter
    }

    private func refused(_ name: String, _ value: JSON, of account: AccountID) -> ParameterTurn {
        let body = ParameterJSON(
            name: name,
            value: value,
            version: 1,
            since: time.now,
            arn: arn(name, of: account)
        )
        return ParameterTurn(body: body.encoded, outcome: .refused)
    }

    func arn(_ name: String, of account: AccountID) -> String {
        let slash = name.hasPrefix("/") ? "" : "/"
        return "arn:aws:ssm:\(region):\(account):parameter\(slash)\(name)"
    }
}

extension Principal {
    /// Whether it may be told the faults of a target of its account.
    func mayPoll(_ target: TargetKey) -> Bool {
        do throws(AuthenticationFailure) {
            try requireTarget(Array(target.target.utf8).span)
            return role.allows(.poll)
        } catch {
            return false
        }
    }
}
