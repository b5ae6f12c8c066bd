plugins {
    alias(libs.plugins.android.library)
}

android {
    namespace = "org.alberttf.inference"
    compileSdk = 37
    defaultConfig {
        minSdk = 26
        consumerProguardFiles("consumer-rules.pro")
    }
    compileOptions {
        sourceCompatibility = JavaVersion.VERSION_1_8
        targetCompatibility = JavaVersion.VERSION_1_8
    }
    // The tests are run by Maven.
    sourceSets["test"].kotlin.directories.clear()
}

dependencies {
    api(project(":tokenizer"))
    implementation(libs.litert)
}
