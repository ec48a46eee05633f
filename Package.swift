// swift-tools-version: 6.2
import PackageDescription

/// What every target is held to: Swift 6, imports that say what leaks, and no warning left standing.
let house: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .enableUpcomingFeature("InferIsolatedConformances"),
    .treatAllWarnings(as: .error),
]

/// Targets that touch C or raw memory must also say `unsafe` where they do.
let nearC = house + [.strictMemorySafety()]

/// Tests keep the older default for async functions: swift-testing's own protocols are declared with it.
let tests: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .treatAllWarnings(as: .error),
]

let package = Package(
    name: "faultplane",
    targets: [
        .systemLibrary(name: "CLinux"),
        .systemLibrary(name: "CPostgres", pkgConfig: "libpq", providers: [.apt(["libpq-dev"])]),
        .systemLibrary(name: "CCrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),

        .target(name: "Base", dependencies: ["CLinux", "CCrypto"], swiftSettings: nearC),
        .plugin(name: "EmbedMigrations", capability: .buildTool()),
        .target(
            name: "Store",
            dependencies: ["Base", "CLinux", "CPostgres"],
            exclude: ["Migrations/sql"],
            swiftSettings: nearC,
            plugins: ["EmbedMigrations"]
        ),

        .target(name: "TestSupport", dependencies: ["Base", "CLinux", "Store"], swiftSettings: tests),

        .testTarget(name: "BaseTests", dependencies: ["Base"], swiftSettings: tests),
        .testTarget(
            name: "StoreTests",
            dependencies: ["Base", "CLinux", "Store", "TestSupport"],
            swiftSettings: tests
        ),
    ]
)
