import Base

/// A way to say who asks.
struct SecurityScheme {
    let name: String
    let json: JSON

    static let all: [SecurityScheme] = [
        .init(
            name: "bearer",
            json: [
                "type": "http", "scheme": "bearer", "bearerFormat": "KEY_ID.SECRET",
                "description": "A key's id and secret with a dot between them.",
            ]
        ),
        .init(
            name: "sigv4",
            json: [
                "type": "apiKey", "in": "header", "name": "Authorization",
                "description": .string(
                    "AWS Signature Version 4 with service fis and any region, as AWS's own SDKs and tools send it."
                ),
                "x-amazon-apigateway-authtype": "awsSigv4",
            ]
        ),
    ]
}
