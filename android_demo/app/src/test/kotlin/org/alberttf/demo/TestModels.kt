package org.alberttf.demo

import java.io.File
import org.alberttf.inference.Bundle

/** Models that these tests open, which run in `android_demo/app`. */
internal object TestModels {
    /** The one that the app ships. */
    fun shipped(tab: Tab): Bundle? = File("../assets/${tab.task}.tflite").takeIf { it.exists() }?.let(Bundle::open)

    /** One of random weights that inference is tested with. */
    fun golden(name: String): File = File("../inference/golden/$name.tflite")
}
