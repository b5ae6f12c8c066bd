package org.alberttf.demo

import android.app.Application
import java.io.File
import org.alberttf.inference.LiteRtRuntime
import org.alberttf.inference.ModelRuntime

/** The app; tests replace its runtime by one for their machine. */
internal open class DemoApplication : Application() {
    open val runtime: ModelRuntime by lazy { LiteRtRuntime() }

    /** One for all screens, so that none takes another's copy for a leftover. */
    val shelf: ModelShelf by lazy { ModelShelf(File(filesDir, "models")) { Assets.open(assets, it) } }
}
