package org.alberttf.demo

import android.content.ContentProvider
import android.content.ContentValues
import android.database.Cursor
import android.net.Uri

/** Documents of another app, which fails at all that it is asked. */
internal class BrokenProvider : ContentProvider() {
    /** Thread that a document's name was last asked for on. */
    @Volatile
    var askedOn: Thread? = null
        private set

    override fun onCreate(): Boolean = true

    override fun query(
        uri: Uri,
        projection: Array<String>?,
        selection: String?,
        selectionArgs: Array<String>?,
        sortOrder: String?,
    ): Cursor? {
        askedOn = Thread.currentThread()
        broken()
    }

    override fun getType(uri: Uri): String? = broken()

    override fun insert(uri: Uri, values: ContentValues?): Uri? = broken()

    override fun delete(uri: Uri, selection: String?, selectionArgs: Array<String>?): Int = broken()

    override fun update(uri: Uri, values: ContentValues?, selection: String?, selectionArgs: Array<String>?): Int =
        broken()

    private fun broken(): Nothing = throw IllegalStateException("broken")
}
