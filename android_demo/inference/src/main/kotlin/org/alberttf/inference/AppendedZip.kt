package org.alberttf.inference

import java.nio.ByteBuffer
import java.nio.ByteOrder
import java.util.zip.CRC32
import java.util.zip.DataFormatException
import java.util.zip.Inflater

/**
 * The zip behind a flatbuffer.
 *
 * Works on memory, so that a model in an app's assets is mapped as it lies
 * there: `java.util.zip` wants a file of its own.
 *
 * @param file the whole file.
 * @throws BundleException there is no whole zip at its end.
 *
 * Source: APPNOTE.TXT 4.3.7, 4.3.12, 4.3.16.
 */
internal class AppendedZip(file: ByteBuffer) {
    private val file = file.duplicate().order(ByteOrder.LITTLE_ENDIAN)

    private class Entry(val method: Int, val crc: Int, val packed: Int, val size: Int, val at: Int)

    private val entries: Map<String, Entry> = checked("cut off") { directory() }

    /** Names of the entries. */
    val names: Set<String> get() = entries.keys

    /** Bytes in front of the zip. */
    val begin: Int = entries.values.minOfOrNull { it.at } ?: 0

    /**
     * Returns the content of an entry; null where there is none.
     *
     * @throws BundleException it is damaged.
     */
    fun read(name: String): ByteArray? {
        val entry = entries[name] ?: return null
        return checked("$name is damaged") { content(entry) }
    }

    private fun content(entry: Entry): ByteArray {
        require(file.getInt(entry.at) == LOCAL_HEADER)
        val begin = entry.at + 30 + short(entry.at + 26) + short(entry.at + 28)
        val packed = ByteArray(entry.packed)
        (file.duplicate().position(begin) as ByteBuffer).get(packed)
        val bytes = when (entry.method) {
            0 -> packed
            8 -> inflate(packed, entry.size)
            else -> throw IllegalArgumentException("method ${entry.method}")
        }
        require(CRC32().apply { update(bytes) }.value.toInt() == entry.crc)
        return bytes
    }

    private fun inflate(packed: ByteArray, size: Int): ByteArray {
        require(size in 0..MAX_ENTRY_BYTES)
        val bytes = ByteArray(size)
        val inflater = Inflater(true)
        try {
            inflater.setInput(packed)
            var done = 0
            while (done < size) {
                val count = inflater.inflate(bytes, done, size - done)
                require(count > 0)
                done += count
            }
        } finally {
            inflater.end()
        }
        return bytes
    }

    private fun directory(): Map<String, Entry> {
        val end = findEnd()
        val size = file.getInt(end + 12)
        val begin = end - size
        // Offsets count from the file's start, or from the zip's, as it was made.
        val shift = begin - file.getInt(end + 16)
        val entries = LinkedHashMap<String, Entry>()
        var at = begin
        repeat(short(end + 10)) {
            require(file.getInt(at) == CENTRAL_HEADER)
            val name = ByteArray(short(at + 28))
            (file.duplicate().position(at + 46) as ByteBuffer).get(name)
            entries[String(name, Charsets.UTF_8)] = Entry(
                short(at + 10), file.getInt(at + 16), file.getInt(at + 20), file.getInt(at + 24),
                file.getInt(at + 42) + shift,
            )
            at += 46 + name.size + short(at + 30) + short(at + 32)
        }
        return entries
    }

    private fun findEnd(): Int {
        val last = file.limit() - END_BYTES
        for (at in last downTo maxOf(0, last - 0xffff)) {
            if (file.getInt(at) == END_HEADER) return at
        }
        throw IllegalArgumentException("no directory")
    }

    private fun short(at: Int): Int = file.getShort(at).toInt() and 0xffff

    private inline fun <T> checked(what: String, read: () -> T): T = try {
        read()
    } catch (error: DataFormatException) {
        throw damaged(what, error)
    } catch (error: IllegalArgumentException) {
        throw damaged(what, error)
    } catch (error: IndexOutOfBoundsException) {
        throw damaged(what, error)
    } catch (error: java.nio.BufferUnderflowException) {
        throw damaged(what, error)
    } catch (error: NegativeArraySizeException) {
        throw damaged(what, error)
    }

    private fun damaged(what: String, cause: Throwable) = BundleException(
        "The file holds no tokenizer: it is a plain TFLite file, or was damaged while being copied " +
            "($what). Expected one that export/to_tflite.py wrote; copy or export it again.",
        cause,
    )

    private companion object {
        const val LOCAL_HEADER = 0x04034b50
        const val CENTRAL_HEADER = 0x02014b50
        const val END_HEADER = 0x06054b50
        const val END_BYTES = 22
        const val MAX_ENTRY_BYTES = 64 shl 20
    }
}
