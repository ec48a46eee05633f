import Base

/// Which invocations a fault is for.
struct InvocationRule: Equatable, Sendable {
    /// 0 to 100.
    let percentage: Double
    /// Every how many invocations.
    let everyNth: Int
    /// How many of them in this instance; nil means no end.
    let most: Int?

    /// Nil where a parameter is not what it must be: then nothing is injected, rather than too much.
    init?(_ fault: TargetFault) {
        let (share, nth, most) = (
            fault.parameters["invocationPercentage"], fault.parameters["everyNth"],
            fault.parameters["maxInvocations"]
        )
        guard let percentage = Double(share ?? "100"), (0...100).contains(percentage),
            let everyNth = Int(nth ?? "1"), everyNth >= 1, most == nil || (Int(most ?? "") ?? 0) >= 1
        else { return nil }
        self.percentage = percentage
        self.everyNth = everyNth
        self.most = most.flatMap { Int($0) }
    }

    /// The choice that everybody can work out again: the first four bytes of SHA-256 over `salt:requestID`, as a big-endian whole
    /// number, times 100, is less than the percentage times 2^32.
    func chooses(_ requestID: String, salt: String) -> Bool {
        let number = Hash.sha256(Array("\(salt):\(requestID)".utf8)).prefix(4).reduce(UInt32(0)) {
            $0 << 8 | UInt32($1)
        }
        return Double(number) * 100 < percentage * 4_294_967_296
    }
}

/// How often a fault's turn has come in this instance.
struct InvocationCount: Equatable, Sendable {
    private var seen = 0
    private var injected = 0

    func isUsedUp(_ rule: InvocationRule) -> Bool { rule.most.map { injected >= $0 } ?? false }

    /// Counts an invocation; says whether it is injected.
    mutating func take(_ rule: InvocationRule, _ isChosen: Bool) -> Bool {
        seen = seen % rule.everyNth + 1
        guard seen == rule.everyNth, isChosen, !isUsedUp(rule) else { return false }
        injected += 1
        return true
    }
}
