import Base
import Testing

@Suite struct SecretTests {
    private struct Holder {
        var name = "key"
        var secret: Secret
        var maybe: Secret?
    }

    private static let word = "correct horse"

    private static let descriptions: [Case<@Sendable (Secret) -> String, Void>] = [
        Case("its description", { $0.description }, ()),
        Case("in a string", { "\($0)" }, ()),
        Case("describing", { String(describing: $0) }, ()),
        Case("reflecting", { String(reflecting: $0) }, ()),
        Case("an optional of it", { String(reflecting: Optional($0)) }, ()),
        Case("an array of it", { "\([$0, $0])" }, ()),
        Case("in a dictionary", { "\(["key": $0])" }, ()),
        Case("in a structure", { "\(Holder(secret: $0, maybe: $0))" }, ()),
        Case(
            "dumped",
            {
                var text = ""
                dump(Holder(secret: $0, maybe: $0), to: &text)
                return text
            },
            ()
        ),
        Case("its mirror", { Mirror(reflecting: $0).children.map { "\($0)" }.joined() }, ()),
    ]

    @Test(arguments: descriptions)
    func `no description shows it`(_ row: Case<@Sendable (Secret) -> String, Void>) {
        let shown = row.input(Secret(text: Self.word))
        #expect(!shown.contains(Self.word))
        // Nor its bytes, one by one.
        #expect(!shown.contains("\(Self.word.utf8.first ?? 0), "))
        #expect(!shown.contains("\n- \(Self.word.utf8.first ?? 0)"))
    }

    @Test func `it is revealed only by asking`() {
        #expect(Secret(text: Self.word).revealed == Self.word)
        #expect(Secret(text: Self.word).bytes == Array(Self.word.utf8))
    }

    @Test func `it is no log value`() {
        let secret: Any = Secret(text: Self.word)
        #expect(!(secret is any LogValue))
    }

    @Test func `it matches only itself`() {
        let secret = Secret([1, 2, 3])
        #expect(secret.matches([1, 2, 3]))
        #expect(!secret.matches([1, 2, 4]))
        #expect(!secret.matches([1, 2]))
        #expect(!secret.matches([]))
    }
}
