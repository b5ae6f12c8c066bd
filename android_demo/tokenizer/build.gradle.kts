plugins {
    alias(libs.plugins.kotlin.jvm)
}

// Java 8 byte code and classes are what Android 8.0 has.
java {
    sourceCompatibility = JavaVersion.VERSION_1_8
    targetCompatibility = JavaVersion.VERSION_1_8
}

kotlin {
    explicitApi()
    compilerOptions {
        jvmTarget = org.jetbrains.kotlin.gradle.dsl.JvmTarget.JVM_1_8
        freeCompilerArgs.add("-Xjdk-release=1.8")
    }
}

// The tests are run by Maven.
sourceSets.test { kotlin.setSrcDirs(emptyList<String>()) }
