package org.alberttf.demo

import android.app.Application
import org.alberttf.inference.LiteRtRuntime
import org.alberttf.inference.ModelRuntime

/** The app; tests replace its runtime by one for their machine. */
internal open class DemoApplication : Application() {
    open val runtime: ModelRuntime by lazy { LiteRtRuntime() }
}
