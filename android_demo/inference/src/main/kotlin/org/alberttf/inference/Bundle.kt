package org.alberttf.inference

import java.io.File
import java.io.InputStream
import java.io.RandomAccessFile
import java.nio.ByteBuffer
import java.nio.ByteOrder
import java.nio.channels.FileChannel
import java.security.MessageDigest
import org.alberttf.tokenizer.AlbertTokenizer

/**
 * A `.tflite` file with its tokenizer inside, as export/to_tflite.py writes it.
 *
 * @property model the flatbuffer, mapped and not copied.
 * @property sizeBytes of the whole file.
 */
public class Bundle private constructor(file: ByteBuffer) {
    public val manifest: Manifest
    public val tokenizer: AlbertTokenizer
    public val model: ByteBuffer
    public val sizeBytes: Int = file.limit()

    init {
        requireFlatbuffer(file)
        val zip = AppendedZip(file)
        manifest = Manifest.parse(text(zip, "albert.json"))
        model = slice(file, zip.begin)
        checkDigests(zip)
        val labels = zip.read("labels.txt")?.let { String(it, Charsets.UTF_8).split("\n").dropLast(1) }
        if (labels.orEmpty() != manifest.labels) {
            throw BundleException("labels.txt and albert.json disagree on the labels. Export the model again.")
        }
        tokenizer = try {
            AlbertTokenizer(bytes(zip, "spiece.model"), manifest.doLowerCase, manifest.keepAccents)
        } catch (error: IllegalArgumentException) {
            throw BundleException("The file's tokenizer is broken: ${error.message}", error)
        }
    }

    /** Refuses a file that was changed after it was written. */
    private fun checkDigests(zip: AppendedZip) {
        val names = zip.names - "albert.json"
        val digests = names.associateWith { digest(ByteBuffer.wrap(bytes(zip, it))) } +
            ("model" to digest(model))
        val changed = (digests.keys + manifest.sha256.keys)
            .filter { digests[it] != manifest.sha256[it] }.sorted()
        if (changed.isNotEmpty()) {
            throw BundleException(
                "The file was changed after it was written: ${changed.joinToString()} has another " +
                    "sha256. Copy or export it again.",
            )
        }
    }

    public companion object {
        /** Bytes at the beginning of a file that tell what it is. */
        public const val HEAD_BYTES: Int = 8

        /**
         * Refuses what is no TFLite file, before the rest of it is read.
         *
         * @param head its first [HEAD_BYTES] bytes or more, or all that it has.
         * @throws BundleException they are not those of a TFLite file.
         */
        public fun requireFlatbuffer(head: ByteBuffer) {
            val isModel = head.limit() >= HEAD_BYTES && (0..3).all { head.get(4 + it) == "TFL3"[it].code.toByte() }
            if (!isModel) {
                throw BundleException(
                    "This is not a TFLite file. Expected one that export/to_tflite.py wrote.",
                )
            }
        }

        /**
         * Opens a file.
         *
         * @throws BundleException it is missing, truncated, no TFLite file, has
         * no bundle in it, one of a newer format, or was changed.
         */
        public fun open(path: File): Bundle {
            val file = try {
                RandomAccessFile(path, "r").use { map(it.channel, 0, it.length()) }
            } catch (error: java.io.IOException) {
                throw BundleException("Cannot read ${path.name}: ${error.message}. Choose a .tflite file.", error)
            }
            return of(file)
        }

        /** Opens part of a file: an entry of an APK that is not compressed. */
        public fun open(channel: FileChannel, begin: Long, size: Long): Bundle =
            of(map(channel, begin, size))

        /**
         * Reads a stream to its end into memory: for what is no file, such as
         * a document of another app. The caller closes it.
         *
         * @throws java.io.IOException reading fails.
         */
        public fun open(stream: InputStream): Bundle {
            val bytes = stream.readBytes()
            val file = ByteBuffer.allocateDirect(bytes.size)
            file.put(bytes)
            file.flip()
            return of(file)
        }

        private fun of(file: ByteBuffer) = Bundle(file)

        private fun map(channel: FileChannel, begin: Long, size: Long): ByteBuffer {
            if (size !in 1..Int.MAX_VALUE) {
                throw BundleException("The file is empty or too large. Expected a .tflite file of this project.")
            }
            return channel.map(FileChannel.MapMode.READ_ONLY, begin, size)
        }

        private fun slice(file: ByteBuffer, size: Int): ByteBuffer {
            val copy = file.duplicate()
            copy.position(0).limit(size)
            return copy.slice().order(ByteOrder.nativeOrder())
        }

        private fun bytes(zip: AppendedZip, name: String): ByteArray = zip.read(name)
            ?: throw BundleException("The file holds no $name. Expected one that export/to_tflite.py wrote.")

        private fun text(zip: AppendedZip, name: String) = String(bytes(zip, name), Charsets.UTF_8)

        private fun digest(data: ByteBuffer): String {
            val sha256 = MessageDigest.getInstance("SHA-256")
            sha256.update(data.duplicate())
            return sha256.digest().joinToString("") { "%02x".format(it) }
        }
    }
}
