package org.alberttf.inference

import java.io.ByteArrayOutputStream
import java.io.File
import java.nio.ByteBuffer
import java.util.zip.ZipEntry
import java.util.zip.ZipOutputStream

/** Makes bundles that differ from a sound one behind the model. */
internal object EditedBundle {
    /** Returns one with other [files] and an edited `albert.json`. */
    fun of(file: File, files: Map<String, ByteArray> = emptyMap(), edit: (String) -> String): ByteArray {
        val whole = file.readBytes()
        val zip = AppendedZip(ByteBuffer.wrap(whole))
        val made = ByteArrayOutputStream()
        ZipOutputStream(made).use { out ->
            for (name in zip.names) {
                val bytes = files[name] ?: zip.read(name) ?: ByteArray(0)
                out.putNextEntry(ZipEntry(name))
                out.write(if (name == "albert.json") edited(String(bytes, Charsets.UTF_8), edit) else bytes)
            }
        }
        return whole.copyOf(zip.begin) + made.toByteArray()
    }

    private fun edited(text: String, edit: (String) -> String): ByteArray {
        val other = edit(text)
        check(other != text) { "the edit changes nothing" }
        return other.toByteArray()
    }
}
