package org.alberttf.inference

import java.io.File

/** Finds the files of these tests, which run in `android_demo/inference`. */
internal object InferenceFiles {
    /** The model that the app ships. */
    val shipped = File("../assets/model.tflite")

    /** What Python's runner says to the same files; see make_golden.py. */
    fun golden(name: String): Any? = Json.parse(File("golden/$name").readText())

    /** Writes a broken bundle to try. */
    fun written(name: String, bytes: ByteArray): File {
        val file = File("target/$name")
        file.writeBytes(bytes)
        return file
    }
}
