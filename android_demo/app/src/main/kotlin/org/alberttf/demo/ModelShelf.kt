package org.alberttf.demo

import java.io.File
import java.io.IOException
import java.io.InputStream
import java.nio.ByteBuffer
import org.alberttf.inference.Bundle
import org.alberttf.inference.BundleException

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
    private val incoming = File(directory, "incoming")

    /** Returns the file chosen for a tab; null where none was. */
    fun chosen(tab: Tab): File? = folder(tab).listFiles()?.firstOrNull()

    /** Opens the model that came with the app; null where it has none. */
    fun openShipped(tab: Tab): Bundle? = shipped(tab)

    /**
     * Copies a document, to be kept or discarded once it was looked at.
     *
     * It may be a film of gigabytes: nothing is copied of what does not begin
     * as a model does.
     *
     * @throws BundleException it is no TFLite file.
     * @throws IOException reading or writing fails.
     */
    fun receive(stream: InputStream): File {
        stream.use { from ->
            val head = head(from)
            Bundle.requireFlatbuffer(ByteBuffer.wrap(head))
            if (!directory.isDirectory && !directory.mkdirs()) throw IOException("cannot make $directory")
            incoming.outputStream().use { to ->
                to.write(head)
                from.copyTo(to)
            }
        }
        return incoming
    }

    /** Drops what was received and not kept. */
    fun discard() {
        incoming.delete()
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

    private fun head(stream: InputStream): ByteArray =
        generateSequence { stream.read().takeIf { it >= 0 } }.take(Bundle.HEAD_BYTES)
            .map { it.toByte() }.toList().toByteArray()

    private fun folder(tab: Tab) = File(directory, tab.task)

    private fun safeName(name: String): String =
        name.replace(Regex("[^\\p{L}\\p{N}._ -]"), "_").trimStart('.').takeLast(MAX_NAME_CHARS).ifBlank { "model" }

    private companion object {
        /** A file's name has at most 255 bytes; a character up to 4. */
        const val MAX_NAME_CHARS = 60
    }
}
