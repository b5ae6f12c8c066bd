package org.alberttf.demo

import java.util.concurrent.Executor
import java.util.concurrent.LinkedBlockingQueue
import java.util.concurrent.TimeUnit

/** Stands for Android's main thread: the test does what is handed over. */
internal class TestThread : Executor {
    private val queue = LinkedBlockingQueue<Runnable>()

    override fun execute(command: Runnable) = queue.put(command)

    /** Works until [isSo], 20 seconds at most. */
    fun until(isSo: () -> Boolean) {
        val end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20)
        while (!isSo()) {
            check(System.nanoTime() < end) { "it did not come to that in 20 seconds" }
            queue.poll(20, TimeUnit.MILLISECONDS)?.run()
        }
    }
}
