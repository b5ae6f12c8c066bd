package org.alberttf.tokenizer

import java.io.ByteArrayOutputStream
import java.io.File
import java.io.PrintStream
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test

/** The README's Kotlin is the code between the two marks here, which runs. */
internal class ReadmeTest {
    @Test
    fun `the snippet runs`() {
        File("target/spiece.model").writeBytes(TestFiles.smallModel)
        val printed = ByteArrayOutputStream()
        val out = System.out
        System.setOut(PrintStream(printed, true, "UTF-8"))
        try {
            snippet(File("target"))
        } finally {
            System.setOut(out)
        }
        assertTrue("▁ca is ca\nfe is fé" in printed.toString("UTF-8"))
    }

    @Test
    fun `the snippet is that of the README`() {
        val readme = File("../README.md").readText()
        val source = File("src/test/kotlin/org/alberttf/tokenizer/ReadmeTest.kt").readText()
        val shown = readme.substringAfter("## Tokenizer").substringAfter("```kotlin\n").substringBefore("```")
        val run = source.substringAfter("// begin\n").substringBefore("        // end\n")
        assertEquals(shown, run.trimIndent().replace("(folder, ", "(") + "\n")
    }

    private fun snippet(folder: File) {
        // begin
        val tokenizer = AlbertTokenizer(File(folder, "spiece.model").readBytes())

        val inputs = tokenizer("Where is it?", "It stands in Berlin.", maxLength = 64)
        println(inputs.tokenIds.asList()) // also segmentIds, paddingMask

        val encoding = tokenizer.encode("Émile's café")
        for (index in encoding.ids.indices) {
            println("${encoding.pieces[index]} is ${encoding.surface(index)}")
        }
        // end
    }
}
