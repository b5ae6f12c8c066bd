package org.alberttf.inference

import java.util.concurrent.CancellationException
import java.util.concurrent.ConcurrentLinkedQueue
import java.util.concurrent.CountDownLatch
import java.util.concurrent.Executor
import java.util.concurrent.TimeUnit
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test

internal class LastWinsTest {
    @Test
    fun `of many texts typed while one is answered, only the last is answered`() {
        val begun = CountDownLatch(1)
        val goOn = CountDownLatch(1)
        val done = CountDownLatch(1)
        val ran = ConcurrentLinkedQueue<Int>()
        val answered = ConcurrentLinkedQueue<Int>()
        LastWins(Executor { it.run() }).use { worker ->
            for (text in 0..50) {
                worker.submit<Int>({
                    ran.add(text)
                    if (text == 0) {
                        begun.countDown()
                        goOn.await(10, TimeUnit.SECONDS)
                    }
                    text
                }) { outcome ->
                    answered.add((outcome as Outcome.Success).value)
                    done.countDown()
                }
                if (text == 0) assertTrue(begun.await(10, TimeUnit.SECONDS))
            }
            goOn.countDown()
            assertTrue(done.await(10, TimeUnit.SECONDS))
        }
        assertEquals(listOf(0, 50), ran.toList())
        assertEquals(listOf(50), answered.toList())
    }

    @Test
    fun `work under way learns that it is cancelled`() {
        val begun = CountDownLatch(1)
        val told = CountDownLatch(1)
        val answers = ConcurrentLinkedQueue<Outcome<Unit>>()
        LastWins(Executor { it.run() }).use { worker ->
            worker.submit<Unit>({ isCancelled ->
                begun.countDown()
                while (!isCancelled()) Thread.sleep(1)
                told.countDown()
                throw CancellationException()
            }) { answers.add(it) }
            assertTrue(begun.await(10, TimeUnit.SECONDS))
            worker.cancel()
            assertTrue(told.await(10, TimeUnit.SECONDS))
        }
        assertTrue(answers.isEmpty())
    }
}
