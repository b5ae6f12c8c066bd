package org.alberttf.inference

import java.io.Closeable
import java.util.concurrent.CancellationException
import java.util.concurrent.Executor
import java.util.concurrent.Executors
import java.util.concurrent.RejectedExecutionException
import java.util.concurrent.atomic.AtomicLong

/**
 * Runs work on one thread of its own; only the last that was given answers.
 *
 * Who types faster than the model runs sees the answer to what stands there
 * now: work that has not begun is skipped, work that runs is told by
 * `isCancelled`, and its result is dropped.
 *
 * @param deliver where results are handed over: `handler::post`, or
 * `activity::runOnUiThread`.
 */
public class LastWins(private val deliver: Executor) : Closeable {
    private val newest = AtomicLong()
    private val thread = Executors.newSingleThreadExecutor { work ->
        Thread(work, "albert-inference").apply { isDaemon = true }
    }

    /**
     * Runs [work] and hands its outcome to [onDone], unless other work follows.
     * After [close] it does nothing.
     *
     * @param work may throw [CancellationException] where its argument, asked
     * now and then, returns true.
     */
    public fun <T> submit(work: (isCancelled: () -> Boolean) -> T, onDone: (Outcome<T>) -> Unit) {
        val ticket = newest.incrementAndGet()
        val isCancelled = { newest.get() != ticket }
        execute {
            if (!isCancelled()) {
                val outcome = try {
                    Outcome.of { work(isCancelled) }
                } catch (error: CancellationException) {
                    null
                }
                if (outcome != null) deliver.execute { if (!isCancelled()) onDone(outcome) }
            }
        }
    }

    /** Drops what is under way. */
    public fun cancel() {
        newest.incrementAndGet()
    }

    /** Ends the thread once the work under way is over, and then [last]. */
    public fun close(last: () -> Unit) {
        cancel()
        execute(last)
        thread.shutdown()
    }

    override fun close(): Unit = close {}

    private fun execute(work: () -> Unit) = try {
        thread.execute(work)
    } catch (error: RejectedExecutionException) {
        // Closed: a screen that is gone waits for nothing.
    }
}
