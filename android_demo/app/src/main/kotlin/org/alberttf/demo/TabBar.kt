package org.alberttf.demo

import android.graphics.Rect
import android.widget.RadioButton
import android.widget.RadioGroup

/** The tabs that models are there for; hidden where there is but one. */
internal class TabBar(private val group: RadioGroup, onSelect: (Tab) -> Unit) {
    private val buttons = mapOf(
        Tab.CLASSIFY to R.id.tab_classify, Tab.COMPARE to R.id.tab_compare, Tab.ANSWER to R.id.tab_answer,
        Tab.TAG to R.id.tab_tag, Tab.CHOOSE to R.id.tab_choose,
    ).mapValues { group.child<RadioButton>(it.value) }

    /** The tab brought forward last: a tapped button is checked before it tells. */
    private var front: Tab? = null

    init {
        buttons.forEach { (tab, button) -> button.setOnClickListener { onSelect(tab) } }
    }

    fun draw(state: ScreenState) {
        group.isShown(state.models.size > 1)
        buttons.forEach { (tab, button) -> button.isShown(tab in state.models) }
        if (state.tab != front) {
            front = state.tab
            buttons[front]?.let(::bringForward)
        }
    }

    /** Of many tabs, or in large letters, some lie beyond the screen's edge. */
    private fun bringForward(button: RadioButton) {
        button.isChecked = true
        button.post { button.requestRectangleOnScreen(Rect(0, 0, button.width, button.height)) }
    }
}
