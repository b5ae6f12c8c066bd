package org.alberttf.demo

import java.io.File
import java.io.IOException
import java.io.InputStream
import org.alberttf.inference.Bundle

/**
 * Where models come from: the app itself, and files chosen on the device.
 *
 * A chosen file is copied into [directory], one for each tab. So it is there
 * after the app was ended, whatever became of the other app's document, and is
 * mapped into memory rather than read.
 *
 * @param shipped opens the model that came with the app; null where it has none.
 */
internal class ModelShelf(
    private val directory: File,
    private val shipped: (Tab) -> Bundle?,
) {
    /** Returns the file chosen for a tab; null where none was. */
    fun chosen(tab: Tab): File? = folder(tab).listFiles()?.firstOrNull()

    /** Opens the model that came with the app; null where it has none. */
    fun openShipped(tab: Tab): Bundle? = shipped(tab)

    /**
     * Copies a document, to be kept or dropped once it was looked at.
     *
     * @throws IOException reading or writing fails.
     */
    fun receive(stream: InputStream): File {
        val file = File(directory, "incoming")
        if (!directory.isDirectory && !directory.mkdirs()) throw IOException("cannot make $directory")
        file.delete()
        stream.use { from -> file.outputStream().use { from.copyTo(it) } }
        return file
    }

    /**
     * Makes a received file the one chosen for a tab.
     *
     * @param name to show, as the other app gave it.
     * @throws IOException it cannot be moved.
     */
    fun keep(received: File, tab: Tab, name: String) {
        val target = File(folder(tab), safeName(name))
        if (!folder(tab).isDirectory && !folder(tab).mkdirs()) throw IOException("cannot make ${folder(tab)}")
        if (!received.renameTo(target)) throw IOException("cannot write $target")
        folder(tab).listFiles()?.filter { it.name != target.name }?.forEach { it.delete() }
    }

    /** Drops the file chosen for a tab. */
    fun remove(tab: Tab) {
        folder(tab).deleteRecursively()
    }

    private fun folder(tab: Tab) = File(directory, tab.task)

    private fun safeName(name: String): String =
        name.replace(Regex("[^\\p{L}\\p{N}._ -]"), "_").trimStart('.').takeLast(MAX_NAME_CHARS).ifBlank { "model" }

    private companion object {
        /** A file's name has at most 255 bytes; a character up to 4. */
        const val MAX_NAME_CHARS = 60
    }
}
