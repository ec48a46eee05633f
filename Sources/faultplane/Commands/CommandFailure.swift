/// A command that was understood and did not come to a good end: what to say, and the exit code.
struct CommandFailure: Error, Equatable {
    let message: String
    let code: CInt
}
