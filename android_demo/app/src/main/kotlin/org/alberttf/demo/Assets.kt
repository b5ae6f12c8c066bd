package org.alberttf.demo

import android.content.res.AssetManager
import java.io.FileInputStream
import java.io.FileNotFoundException
import org.alberttf.inference.Bundle
import org.alberttf.inference.BundleException

/** Models in the APK, named after their task. */
internal object Assets {
    /**
     * Opens the model for a tab's task, mapped as it lies in the APK.
     *
     * @return null where the app was built without one.
     * @throws BundleException it cannot be used.
     */
    fun open(assets: AssetManager, tab: Tab): Bundle? {
        val name = "${tab.task}.tflite"
        if (name !in assets.list("").orEmpty()) return null
        val entry = try {
            assets.openFd(name)
        } catch (error: FileNotFoundException) {
            throw BundleException(
                "$name is compressed in the APK. Expected it as it is: build the app with " +
                    "noCompress += \"tflite\".",
                error,
            )
        }
        return entry.use {
            Bundle.open(FileInputStream(it.fileDescriptor).channel, it.startOffset, it.declaredLength)
        }
    }
}
