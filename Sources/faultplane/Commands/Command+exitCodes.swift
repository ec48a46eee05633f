extension Command {
    /// How the commands that act on runs end, for their help.
    static let exitCodes = """
        exit code: 0 when it was done, 1 when the server said no, 2 when the command was not understood,
        3 when the server could not be asked.
        """

    /// How the commands that follow a run end.
    static let exitCodesOfRuns = """
        exit code: 0 when the run is completed, 1 when it is stopped, failed or cancelled or the server said no
        (such as to an unknown id), 2 when the command was not understood, 3 when the server could not be asked
        """
}
