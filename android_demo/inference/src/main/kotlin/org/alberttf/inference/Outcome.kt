package org.alberttf.inference

/** What became of a piece of work: its value, or a sentence on why not. */
public sealed class Outcome<out T> {
    /** It worked. */
    public data class Success<T>(val value: T) : Outcome<T>()

    /**
     * It did not.
     *
     * @property message what happened, what was expected, how to mend it; for
     * the person at the screen.
     */
    public data class Failed(val message: String) : Outcome<Nothing>()

    public companion object {
        /**
         * Runs [work] and returns its value, or its failure as a sentence.
         *
         * @throws java.util.concurrent.CancellationException as [work] does:
         * who cancels waits for no answer.
         */
        public fun <T> of(work: () -> T): Outcome<T> = try {
            Success(work())
        } catch (error: BundleException) {
            Failed(error.message ?: "The model file cannot be used.")
        } catch (error: IllegalArgumentException) {
            Failed(error.message ?: "The input cannot be used.")
        } catch (error: java.io.IOException) {
            Failed("The model file cannot be read: ${error.message}. Choose it again.")
        } catch (error: OutOfMemoryError) {
            Failed("There is not enough memory for this model. Close other apps, or take a smaller one.")
        } catch (error: LinkageError) {
            Failed(
                "The app lacks LiteRT's native library for this processor: ${error.message}. " +
                    "Build it with this device's ABI.",
            )
        }
    }
}

/** A bundle that cannot be used. The message is for the person at the screen. */
public class BundleException(message: String, cause: Throwable? = null) :
    Exception(message, cause)
