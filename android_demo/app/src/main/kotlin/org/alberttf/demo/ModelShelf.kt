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
 * There is one shelf in a process, whatever the number of screens.
 *
 * @param shipped opens the model that came with the app; null where it has none.
 */
internal class ModelShelf(
    private val directory: File,
    private val shipped: (Tab) -> Bundle?,
) {
    private var isSwept = false

    /** Returns the file chosen for a tab; null where none was. */
    @Synchronized
    fun chosen(tab: Tab): File? = folder(tab).listFiles()?.firstOrNull()

    /** Opens the model that came with the app; null where it has none. */
    fun openShipped(tab: Tab): Bundle? = shipped(tab)

    /**
     * Drops what the app had not received whole when it was ended.
     *
     * Only the first call does: what is there later may be under way, for
     * another screen.
     */
    @Synchronized
    fun sweep() {
        if (isSwept) return
        isSwept = true
        directory.listFiles { file -> file.isFile && file.name.startsWith(INCOMING) }?.forEach { it.delete() }
    }

    /**
     * Copies a document for [look], which may [keep] the copy; otherwise it is
     * deleted then.
     *
     * It may be a film of gigabytes: nothing is copied of what does not begin
     * as a model does.
     *
     * @throws BundleException it is no TFLite file.
     * @throws IOException reading or writing fails.
     */
    fun <T> receive(stream: InputStream, look: (File) -> T): T {
        stream.use { from ->
            val head = head(from)
            Bundle.requireFlatbuffer(ByteBuffer.wrap(head))
            make(directory)
            val incoming = File.createTempFile(INCOMING, null, directory)
            try {
                incoming.outputStream().use { to ->
                    to.write(head)
                    from.copyTo(to)
                }
                return look(incoming)
            } finally {
                incoming.delete()
            }
        }
    }

    /**
     * Makes a received file the one chosen for a tab.
     *
     * @param name to show, as the other app gave it.
     * @throws IOException it cannot be moved.
     */
    @Synchronized
    fun keep(received: File, tab: Tab, name: String) {
        val target = File(folder(tab), safeName(name))
        make(folder(tab))
        if (!received.renameTo(target)) throw IOException("cannot write $target")
        folder(tab).listFiles()?.filter { it.name != target.name }?.forEach { it.delete() }
    }

    /** Drops the file chosen for a tab. */
    @Synchronized
    fun remove(tab: Tab) {
        folder(tab).deleteRecursively()
    }

    /** Another screen may make it meanwhile: then `mkdirs` fails, and all is well. */
    private fun make(folder: File) {
        folder.mkdirs()
        if (!folder.isDirectory) throw IOException("cannot make $folder")
    }

    private fun head(stream: InputStream): ByteArray =
        generateSequence { stream.read().takeIf { it >= 0 } }.take(Bundle.HEAD_BYTES)
            .map { it.toByte() }.toList().toByteArray()

    private fun folder(tab: Tab) = File(directory, tab.task)

    private fun safeName(name: String): String =
        name.replace(Regex("[^\\p{L}\\p{N}._ -]"), "_").trimStart('.').takeLast(MAX_NAME_CHARS).ifBlank { "model" }

    private companion object {
        const val INCOMING = "incoming"

        /** A file's name has at most 255 bytes; a character up to 4. */
        const val MAX_NAME_CHARS = 60
    }
}
