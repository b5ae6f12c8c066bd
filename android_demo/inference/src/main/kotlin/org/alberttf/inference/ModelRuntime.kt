package org.alberttf.inference

import java.io.Closeable
import java.nio.ByteBuffer

/** A TFLite runtime: LiteRT on a phone, another one in tests. */
public interface ModelRuntime {
    /** Name and version, for messages. */
    public val name: String

    /**
     * Opens a model.
     *
     * @param model the flatbuffer, a direct buffer that must outlive the result.
     * @param signature name of the signature to call.
     * @param numThreads at least 1.
     * @throws BundleException the runtime refuses the model.
     */
    public fun open(model: ByteBuffer, signature: String, numThreads: Int): OpenModel
}

/** A model that is ready to run. Not safe to share between threads. */
public interface OpenModel : Closeable {
    /**
     * Runs one row of S tokens.
     *
     * @param inputs int[S] by the signature's names; each becomes `[1, S]`.
     * @param settings single numbers by the signature's names, such as the
     * patience of a model that may stop early.
     * @param outputs the signature's names of the outputs wanted.
     * @return the outputs' values by name, in the order of their bytes.
     * @throws BundleException the runtime fails.
     */
    public fun run(
        inputs: Map<String, IntArray>,
        settings: Map<String, Int>,
        outputs: Collection<String>,
    ): Map<String, FloatArray>
}
