plugins {
    alias(libs.plugins.android.application)
}

android {
    namespace = "org.alberttf.demo"
    compileSdk = 37
    defaultConfig {
        applicationId = "org.alberttf.demo"
        minSdk = 26
        targetSdk = 37
        versionCode = 1
        versionName = "0.1.0"
        // Every phone since Android 8.0, and the emulator. For an APK of one
        // phone, leave arm64-v8a alone; the Play store splits by itself.
        ndk { abiFilters += listOf("arm64-v8a", "armeabi-v7a", "x86_64") }
    }
    buildTypes {
        release {
            isMinifyEnabled = true
            isShrinkResources = true
            proguardFiles(getDefaultProguardFile("proguard-android-optimize.txt"), "proguard-rules.pro")
            // So that it can be installed as it is. Yours wants a key of yours.
            signingConfig = signingConfigs.getByName("debug")
        }
    }
    compileOptions {
        sourceCompatibility = JavaVersion.VERSION_1_8
        targetCompatibility = JavaVersion.VERSION_1_8
    }
    // A compressed model cannot be mapped into memory.
    androidResources { noCompress += "tflite" }
    // Not compressed and at 16 KB in the APK, as phones with such pages want.
    packaging { jniLibs { useLegacyPackaging = false } }
    sourceSets["main"].assets.directories.add("../assets")
    // The tests are run by Maven.
    sourceSets["test"].kotlin.directories.clear()
}

dependencies {
    implementation(project(":inference"))
}
