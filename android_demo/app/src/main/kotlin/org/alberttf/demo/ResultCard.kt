package org.alberttf.demo

import android.view.View
import android.widget.LinearLayout
import android.widget.ProgressBar
import android.widget.TextView

/**
 * The card below a panel's fields: a title, rows, a note, figures; or why there
 * is nothing to show.
 *
 * @param panel holds the views of `card_result.xml`.
 */
internal class ResultCard(panel: View) {
    private val root = panel.child<View>(R.id.result)
    private val title = root.child<TextView>(R.id.result_title)
    private val rows = root.child<LinearLayout>(R.id.result_rows)
    private val note = root.child<TextView>(R.id.result_note)
    private val figures = root.child<TextView>(R.id.result_figures)
    private val progress = root.child<View>(R.id.result_progress)

    /** A line with a bar as long as it is probable. */
    class Row(val text: String, val probability: Double)

    /** Shows a sentence only. */
    fun showMessage(message: String) = show(message, emptyList(), null, null)

    /** Shows how far the work is. */
    fun showProgress(work: Work.Running) {
        showMessage(sentence(work))
        progress.isShown(true)
    }

    /** Shows a result; a part that is null is left out. */
    fun show(heading: String, lines: List<Row>, remark: String?, cost: String?) {
        progress.isShown(false)
        title.setTextIfNew(heading)
        drawRows(lines)
        note.isShown(remark != null)
        note.setTextIfNew(remark.orEmpty())
        figures.isShown(cost != null)
        figures.setTextIfNew(cost.orEmpty())
    }

    private fun sentence(work: Work.Running) = when {
        work.total > 1 -> root.resources.getString(R.string.reading_part, work.number, work.total)
        else -> root.resources.getString(R.string.reading)
    }

    /** Views are used again: making them anew at each letter would flicker. */
    private fun drawRows(lines: List<Row>) {
        while (rows.childCount > lines.size) rows.removeViewAt(rows.childCount - 1)
        while (rows.childCount < lines.size) {
            View.inflate(root.context, R.layout.row_probability, rows)
        }
        lines.forEachIndexed { index, line -> drawRow(rows.getChildAt(index), line) }
    }

    private fun drawRow(view: View, line: Row) {
        val percent = Figures.percent(view.resources, line.probability)
        view.child<TextView>(R.id.row_text).setTextIfNew(line.text)
        view.child<TextView>(R.id.row_percent).setTextIfNew(percent)
        view.child<ProgressBar>(R.id.row_bar).progress = (line.probability * BAR_LENGTH).toInt()
        view.contentDescription = view.resources.getString(R.string.row_spoken, line.text, percent)
    }

    private companion object {
        const val BAR_LENGTH = 1000
    }
}
