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
        /// Nobody that we know, whatever the reason.
        case stranger
    }

    let parameters: Parameters
    let delivery: Delivery
    let time: DeploymentTime
    let region: String
    let strangers = Strangers()

    /// Why a reader is told that nothing is on, whatever is.
    private enum Hindrance: String, Error {
        case notAllowed =
            "Nothing is told: this credential is not known, or may not read the faults of this function."
        case noRoom = "Nothing is told: more targets are read than this node remembers."
    }

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
        case .stranger:
            let why = Hindrance.notAllowed.rawValue
            let off =
                ParameterName(name).map { $0.dialect.off(because: why) }
                ?? parameters.table.off(name, because: why)
            return off.map { refused(name, $0, of: .zero) }
        case .caller(let caller):
            let account = caller.principal.account
            guard let place = parameters.place(name, of: account, region: region) else { return nil }
            let parameter: Parameter
            do throws(Hindrance) {
                parameter = try self.parameter(name, place, for: caller)
            } catch {
                return refused(name, place.dialect.off(because: error.rawValue), of: account)
            }
            let wall = time.now
            delivery.sightings.note(parameter.room, at: wall)
            return delivery.book.turn(parameter, at: now, wall, arn: arn(name, of: account))
        }
    }

    /// The parameter with its target's room.
    private func parameter(
        _ name: String,
        _ place: Parameters.Place,
        for caller: Caller
    ) throws(Hindrance) -> Parameter {
        do throws(AuthenticationFailure) {
            guard caller.principal.role.allows(.poll) else { throw .roleDenies(caller.principal.role, .poll) }
            try caller.principal.requireTarget(Array(place.target.target.utf8).span)
        } catch {
            throw .notAllowed
        }
        let room: TargetRoom
        do throws(APIError) {
            room = try delivery.book.roomPolled(place.target)
        } catch {
            throw .noRoom
        }
        return Parameter(
            name: name,
            room: room,
            dialect: place.dialect,
            qualifier: place.qualifier,
            shape: parameters.table.shape(of: place.target)
        )
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
