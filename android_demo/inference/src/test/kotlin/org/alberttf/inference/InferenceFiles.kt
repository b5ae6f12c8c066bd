package org.alberttf.inference

import java.io.File
import org.junit.jupiter.api.Assumptions.assumeTrue

/** Finds the files of these tests, which run in `android_demo/inference`. */
internal object InferenceFiles {
    /** The model that the app ships. */
    val shipped = File("../assets/classification.tflite")

    /** A file that `golden/make_bundles.py` or `golden/make_golden.py` wrote. */
    fun golden(name: String): File = File("golden/$name")

    /** A file that is made where there is data for it, or skips the test. */
    fun made(name: String): File {
        val file = File("target/$name")
        val reason = "$file is not here; python -m android_demo.inference.golden.make_large makes it"
        if (!file.exists()) println("skipped: $reason")
        assumeTrue(file.exists(), reason)
        return file
    }

    /** Writes a broken bundle to try. */
    fun written(name: String, bytes: ByteArray): File {
        val file = File("target/$name")
        file.writeBytes(bytes)
        return file
    }
}
