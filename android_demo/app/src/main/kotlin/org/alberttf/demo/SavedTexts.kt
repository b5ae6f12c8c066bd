package org.alberttf.demo

import java.io.DataInputStream
import java.io.DataOutputStream
import java.io.File
import java.io.IOException

/**
 * Keeps what was typed while the system has ended the app.
 *
 * In a file: Android allows all that an app leaves with it about a megabyte,
 * and ends the app that leaves more; a passage may be as long as that.
 */
internal class SavedTexts(private val file: File) {
    /** Writes the texts. On a full disk they are lost, and nothing else. */
    fun write(texts: Texts) {
        val aside = File(file.path + ".new")
        try {
            DataOutputStream(aside.outputStream().buffered()).use { out ->
                out.writeBoolean(texts.hasPair)
                for (text in listed(texts)) {
                    val bytes = text.toByteArray()
                    out.writeInt(bytes.size)
                    out.write(bytes)
                }
            }
            aside.renameTo(file)
        } catch (error: IOException) {
            aside.delete()
            file.delete()
        }
    }

    /** Drops what was written. */
    fun delete() {
        file.delete()
    }

    /** Returns what was written last; empty texts where nothing was. */
    fun read(): Texts = try {
        DataInputStream(file.inputStream().buffered()).use { source ->
            fun next() = String(ByteArray(source.readInt()).also(source::readFully))
            val hasPair = source.readBoolean()
            Texts(
                classify = next(), hasPair = hasPair, pair = next(), question = next(), passage = next(), tag = next(),
                first = next(), second = next(), context = next(), asked = next(), choices = next(),
            )
        }
    } catch (error: IOException) {
        Texts()
    }

    /** In the order that they are read in. */
    private fun listed(texts: Texts) = with(texts) {
        listOf(classify, pair, question, passage, tag, first, second, context, asked, choices)
    }
}
