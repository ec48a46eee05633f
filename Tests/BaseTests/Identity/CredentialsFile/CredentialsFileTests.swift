import Base
import Testing

@Suite struct CredentialsFileTests {
    let folder: TemporaryFolder
    let keyID: KeyID

    init() throws {
        folder = try TemporaryFolder()
        keyID = try #require(KeyID("FP" + String(repeating: "A", count: 18)))
    }

    private var path: String { folder.path + "/credentials" }

    private func read(
        _ text: String,
        profile: String = "default"
    ) throws -> CredentialsFile {
        try Files.replace(path, with: Array(text.utf8))
        return try CredentialsFile.read(path, profile: profile)
    }

    @Test func `what is written is what AWS tools expect, for the owner's eyes only`() throws {
        let file = CredentialsFile(keyID: keyID, secret: Secret(text: "s3cret"), region: "eu-west-1")
        try file.write(to: path)
        let (mode, bytes) = try #require(try Files.readWithMode(path))
        #expect(mode == 0o600)
        #expect(
            String(decoding: bytes, as: UTF8.self) == """
                [default]
                aws_access_key_id = FPAAAAAAAAAAAAAAAAAA
                aws_secret_access_key = s3cret
                region = eu-west-1

                """
        )
        let back = try CredentialsFile.read(path)
        #expect(back.keyID == keyID)
        #expect(back.secret.revealed == "s3cret")
        #expect(back.region == "eu-west-1")
    }

    @Test func `a file written by hand is read too`() throws {
        let text = """
            # ours
            aws_access_key_id = before any section
            [other]
            aws_access_key_id=AKIAXXXXXXXXXXXXXXXX
            aws_secret_access_key=x
            [ default ]\r
            ; a comment = here
              AWS_ACCESS_KEY_ID=FPAAAAAAAAAAAAAAAAAA\r
            aws_secret_access_key =  a=b/c+d \r
            nonsense
            [last]
            aws_access_key_id = AKIAYYYYYYYYYYYYYYYY
            aws_secret_access_key = y
            """
        let file = try read(text)
        #expect(file.keyID == keyID)
        #expect(file.secret.revealed == "a=b/c+d")
        #expect(file.region == nil)
    }

    @Test func `each fault is named`() throws {
        #expect(throws: CredentialsFileFailure.missing(path)) { try CredentialsFile.read(path) }
        #expect(throws: CredentialsFileFailure.noProfile(path, "default")) { try read("[x]\n") }
        #expect(throws: CredentialsFileFailure.lacks(path, "x", "aws_access_key_id")) {
            try read("[x]\n", profile: "x")
        }
        #expect(throws: CredentialsFileFailure.lacks(path, "default", "aws_secret_access_key")) {
            try read("[default]\naws_access_key_id=\(keyID)\naws_secret_access_key=\n")
        }
        let foreign = CredentialsFileFailure.foreignKey(path, "default", EchoedText("AKIA"))
        #expect(throws: foreign) { try read("[default]\naws_access_key_id=AKIA\n") }
        #expect(
            foreign.description.contains(
                "The key AKIA in the section [default] of \(path) is not one of ours"
            )
        )
        let unwritable = #expect(throws: CredentialsFileFailure.self) {
            try CredentialsFile(keyID: keyID, secret: Secret(text: "x"), region: nil)
                .write(to: folder.path + "/none/credentials")
        }
        #expect(
            unwritable?.description.hasSuffix("cannot be written (open: No such file or directory).") == true
        )
    }
}
