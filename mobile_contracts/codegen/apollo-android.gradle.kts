// Apollo Kotlin 4: a part of the app's build.gradle.kts. Each app takes its own service and leaves the others out.
// The build writes the manifest of the texts that it really sends (it may add __typename): hand that manifest in
// with the version of the app, it is kept in manifests/ and trusted for as long as the version is supported.
apollo {
    val contract = rootProject.file("mobile_contracts")
    service("inspector") {
        packageName.set("yiwang.inspector")
        schemaFiles.from(contract.resolve("schema.graphql"))
        srcDir(contract.resolve("operations/inspector"))
        mapScalarToKotlinString("Date")
        mapScalarToKotlinString("DateTime")
        warnOnDeprecatedUsages.set(true)
        operationManifestFormat.set("persistedQueryManifest")
    }
    service("officer") {
        packageName.set("yiwang.officer")
        schemaFiles.from(contract.resolve("schema.graphql"))
        srcDir(contract.resolve("operations/officer"))
        mapScalarToKotlinString("Date")
        mapScalarToKotlinString("DateTime")
        warnOnDeprecatedUsages.set(true)
        operationManifestFormat.set("persistedQueryManifest")
    }
    service("citizen") {
        packageName.set("yiwang.citizen")
        schemaFiles.from(contract.resolve("schema.graphql"))
        srcDir(contract.resolve("operations/citizen"))
        mapScalarToKotlinString("Date")
        mapScalarToKotlinString("DateTime")
        warnOnDeprecatedUsages.set(true)
        operationManifestFormat.set("persistedQueryManifest")
    }
}
