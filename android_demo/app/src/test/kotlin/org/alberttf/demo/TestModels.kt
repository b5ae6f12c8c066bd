package org.alberttf.demo

import java.io.ByteArrayOutputStream
import java.io.File
import java.util.zip.ZipEntry
import java.util.zip.ZipFile
import java.util.zip.ZipOutputStream
import org.alberttf.inference.Bundle

/** Models that these tests open, which run in `android_demo/app`. */
internal object TestModels {
    /** The one that the app ships. */
    fun shipped(tab: Tab): Bundle? = File("../assets/${tab.task}.tflite").takeIf { it.exists() }?.let(Bundle::open)

    /** One of random weights that inference is tested with. */
    fun golden(name: String): File = File("../inference/golden/$name.tflite")

    /** A classifier of single texts: its exporter writes no self-test of a pair. */
    fun single(): ByteArray {
        val file = golden("classifier")
        val whole = file.readBytes()
        val model = whole.copyOf(String(whole, Charsets.ISO_8859_1).indexOf("PK\u0003\u0004"))
        val made = ByteArrayOutputStream()
        ZipFile(file).use { zip ->
            ZipOutputStream(made).use { out ->
                for (entry in zip.entries()) {
                    val bytes = zip.getInputStream(entry).use { it.readBytes() }
                    out.putNextEntry(ZipEntry(entry.name))
                    out.write(if (entry.name == "albert.json") withoutPairs(String(bytes)).toByteArray() else bytes)
                }
            }
        }
        return model + made.toByteArray()
    }

    private fun withoutPairs(json: String): String {
        val at = json.lastIndexOf(",\n  {", json.indexOf("\"pair\""))
        return json.removeRange(at, json.indexOf("\n  }", at) + "\n  }".length)
    }
}
